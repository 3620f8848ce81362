"""The least full-screen program with two pages: `?` shows one, any other key the other."""

import curses


def draw(screen, title):
    """Every row, as a screen of a cockpit has them."""
    screen.erase()
    for row in range(23):
        screen.addstr(row, 0, f"{title} {row} " + "x" * 60)
    screen.refresh()


def main(screen):
    """Draws at once, then at every key."""
    screen.keypad(False)
    draw(screen, "METRICS")
    while True:
        draw(screen, "HELP" if screen.getch() == ord("?") else "METRICS")


curses.wrapper(main)
