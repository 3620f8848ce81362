"""Asks a NATS server and prints the answer: NATS_TOKEN=T ask.py PORT SUBJECT [BODY]; ends with 1 if that is an error."""

import os
import socket
import sys

port, subject, body = int(sys.argv[1]), sys.argv[2], (sys.argv[3:] or [""])[0].encode()
stream = socket.create_connection(("127.0.0.1", port), 5)
lines = stream.makefile("rb")
lines.readline()
hello = '{"verbose":false,"headers":true,"no_responders":true,"auth_token":"%s"}' % os.environ["NATS_TOKEN"]
stream.sendall(b"CONNECT %s\r\nSUB _answer 1\r\nPUB %s _answer %d\r\n%s\r\n" % (hello.encode(), subject.encode(), len(body), body))
head = lines.readline().split()
while head and head[0] in (b"PING", b"+OK"):
    head = lines.readline().split()
if not head or head[0] not in (b"MSG", b"HMSG"):
    sys.exit("refused: " + b" ".join(head).decode())
answer = lines.read(int(head[-1])).decode()
print(answer)
sys.exit(head[0] == b"HMSG" or '"error"' in answer)
