"""How far a long piece of work has come: a bar in a terminal, a line now and then in a log."""

import sys
import time

_PATIENCE = 10.0  # Seconds between two lines in a log.
_BLINK = 0.1  # Seconds between two drawings of a bar.
_WIDTH = 30


class Progress:
    """Says on stderr how much is done, with the time that is left.

    In a terminal it is a bar, drawn over itself, from the second drawing on; elsewhere a line every
    10 s. Work that is done at once says nothing.

    Args:
        total: number of items.
        what: their name, in the plural.
    """

    def __init__(self, total: int, what: str):
        self.total, self.what = total, what
        self._began = self._said = time.monotonic()
        self._bar_drawn = False

    def reached(self, count: int):
        """Notes that `count` items are done; at the last one a bar ends its line."""
        now, is_done = time.monotonic(), count >= self.total
        is_terminal = sys.stderr.isatty()
        if is_done and not self._bar_drawn:
            return
        if not is_done and now - self._said < (_BLINK if is_terminal else _PATIENCE):
            return
        self._said = now
        count = min(count, self.total)
        line = f"{count:,} of {self.total:,} {self.what}, {count / self.total:.0%}"
        if count and not is_done:
            left = (now - self._began) * (self.total - count) / count
            line += f", {left // 60:.0f}:{left % 60:02.0f} left"
        if is_terminal:
            self._draw(line, count / self.total, is_done)
        else:
            print(f"  {line}", file=sys.stderr, flush=True)

    def _draw(self, line, share, is_done):
        self._bar_drawn = True
        bar = ("=" * int(share * _WIDTH)).ljust(_WIDTH)
        end = "\n" if is_done else ""
        # The last characters wipe what a longer line before has left.
        print(f"\r  [{bar}] {line}\x1b[K", end=end, file=sys.stderr, flush=True)
