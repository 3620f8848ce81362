//! A backend that hangs: it takes every connection, reads what it is asked, and never says a word.

use std::{
    io::Read,
    net::{SocketAddr, TcpListener, TcpStream},
    sync::mpsc::{Receiver, Sender, channel},
    time::Duration,
};

/// After this much waiting nobody will ask any more, however busy the machine is.
const DEADLINE: Duration = Duration::from_secs(60);
/// The most that is read at once of what nobody answers.
const PIECE_BYTES: usize = 4096;

/// What is seen of those who ask.
enum Told {
    Asked,
    GaveUp,
}

/// Listens for as long as the test runs.
pub struct Silent {
    address: SocketAddr,
    told: Receiver<Told>,
    hanging: usize,
}

impl Silent {
    /// Listens on a port of its own.
    pub fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        let (tell, told) = channel();
        std::thread::spawn(move || {
            for connection in listener.incoming().map_while(Result::ok) {
                let tell = tell.clone();
                std::thread::spawn(move || hear(connection, &tell));
            }
        });
        Self { address, told, hanging: 0 }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until so many requests hang here.
    #[track_caller]
    pub fn wait_for(&mut self, requests: usize) {
        while self.hanging < requests {
            let told = self.told.recv_timeout(DEADLINE).expect("nobody asks");
            self.take(&told);
        }
    }

    /// How many requests hang here now, all of those that ever came, or else somebody has given one up.
    #[track_caller]
    pub fn hanging(&mut self) -> usize {
        while let Ok(told) = self.told.try_recv() {
            self.take(&told);
        }
        self.hanging
    }

    #[track_caller]
    fn take(&mut self, told: &Told) {
        match told {
            Told::Asked => self.hanging += 1,
            Told::GaveUp => panic!("a request was given up, and had ten minutes"),
        }
    }
}

/// Reads whatever comes and keeps the connection until its other end is closed.
fn hear(mut connection: TcpStream, tell: &Sender<Told>) {
    let mut piece = [0; PIECE_BYTES];
    let mut asked = false;
    while let Ok(1..) = connection.read(&mut piece) {
        if !std::mem::replace(&mut asked, true) {
            // Nobody listens once the test is over.
            drop(tell.send(Told::Asked));
        }
    }
    drop(tell.send(Told::GaveUp));
}
