#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a disk had done when its power failed, from a log of its writes and flushes in the
format of dm-log-writes (https://docs.kernel.org/admin-guide/device-mapper/log-writes.html).

powerlog.py watch LOG PIDFILE                   until it ends: its entries, and ms since the first
powerlog.py kill LOG PIDFILE KEY ENTRIES MS     SIGKILL at an instant that KEY chooses
powerlog.py replay LOG IMAGE KEY [ENTRIES]      writes to IMAGE what the disk kept
powerlog.py moments LOG KEY COUNT               so many numbers of entries to end a replay at

KEY is any text: the same KEY and log give the same choice. A log knows no times, so `watch` and
`kill` see it grow. PIDFILE may still be to come.
"""

import os
import random
import signal
import struct
import sys
import time

SECTOR = 512
SUPER = struct.Struct("<QQQL")
ENTRY = struct.Struct("<QQQQ")
MAGIC = 0x6A736677736872
FLUSH, FUA, DISCARD = 1, 2, 4
START_S = 60


class Log:
    """The entries of a log that may be growing, or cut off anywhere."""

    def __init__(self, path):
        self.file = open(path, "rb")
        self.next = SECTOR  # the first sector is the log's own

    def flushed(self):
        """How many entries the log itself counts: it does so at each flush."""
        self.file.seek(0)
        head = self.file.read(SUPER.size)
        if len(head) < SUPER.size:
            return 0
        magic, version, entries, sector = SUPER.unpack(head)
        if magic == 0:
            return 0
        if (magic, version, sector) != (MAGIC, 1, SECTOR):
            sys.exit("powerlog: no log of writes, or of another kind")
        return entries

    def more(self):
        """The entries that came since the last call: (sector, sectors, flags, place of data)."""
        size = os.fstat(self.file.fileno()).st_size
        while self.next + SECTOR <= size:
            self.file.seek(self.next)
            sector, sectors, flags, length = ENTRY.unpack(self.file.read(ENTRY.size))
            data = self.next + SECTOR
            if (sectors == 0 and not flags) or flags & ~(FLUSH | FUA | DISCARD) or length:
                return  # not written yet
            end = data if flags & DISCARD else data + sectors * SECTOR
            if end > size:
                return
            self.next = end
            yield sector, sectors, flags, data

    def read(self, place, count):
        self.file.seek(place)
        return self.file.read(count)


class Machine:
    """The QEMU that writes the log."""

    def __init__(self, log, pidfile):
        until = time.monotonic() + START_S
        while not (os.path.exists(pidfile) and open(pidfile).read().endswith("\n")):
            if time.monotonic() > until:
                sys.exit("powerlog: QEMU was not started")
            time.sleep(0.01)
        self.pid = int(open(pidfile).read())
        self.log = Log(log)
        self.entries = 0

    def alive(self):
        try:
            with open(f"/proc/{self.pid}/stat") as f:
                return f.read().rsplit(")", 1)[1].split()[0] not in "ZX"
        except OSError:
            return False

    def wait(self, entries):
        """Until the log has so many; False when the machine ended before."""
        while self.entries < entries:
            alive = self.alive()
            self.entries += sum(1 for _ in self.log.more())
            if not alive and self.entries < entries:
                return False
            time.sleep(0.0005)
        return True


def watch(log, pidfile):
    machine = Machine(log, pidfile)
    if not machine.wait(1):
        sys.exit("powerlog: it wrote nothing")
    start = time.monotonic()
    machine.wait(sys.maxsize)
    print(machine.entries, round((time.monotonic() - start) * 1000))


def kill(log, pidfile, key, entries, ms):
    """Two of three instants are even among the writes, at once or with a little time behind it,
    the third is even in time from the first write on, so that the end, when little is written,
    gets its share."""
    rng = random.Random("kill " + key)
    count, delay = rng.choice(
        [
            (rng.randint(1, entries), 0),
            (rng.randint(1, entries), rng.expovariate(1 / 0.004)),
            (1, rng.uniform(0, ms / 1000)),
        ]
    )
    machine = Machine(log, pidfile)
    if machine.wait(count) and delay:
        time.sleep(delay)
    if not machine.alive():
        sys.exit("powerlog: it ended before")
    os.kill(machine.pid, signal.SIGKILL)
    print(f"{delay * 1000:.0f} ms after write {count}")


def moments(path, key, count):
    """One half behind writes to the disk's first MiB, where tables and superblocks lie, the other
    even among all."""
    rng = random.Random("moments " + key)
    entries = list(Log(path).more())
    head = [n for n, e in enumerate(entries, 1) if e[0] < 2048 and e[1]]
    some = set(rng.sample(head, min(len(head), count // 2)))
    rest = [n for n in range(1, len(entries) + 1) if n not in some]
    print(*sorted(some | set(rng.sample(rest, min(len(rest), count - len(some))))))


def replay(path, image, key, most=None):
    """Everything up to the last flush; of what came after, all, nothing, some writes, or some
    sectors of some writes: a cache writes back in any order, and stops anywhere."""
    rng = random.Random("replay " + key)
    log = Log(path)
    entries = list(log.more())
    if log.flushed() > len(entries):
        sys.exit("powerlog: the log has a hole")
    entries = entries[:most]
    safe = max((n for n, e in enumerate(entries, 1) if e[2] & FLUSH), default=0)
    how = rng.choice(["none", "all", "writes", "writes", "sectors", "sectors"])
    share = {"none": 0, "all": 1}.get(how, rng.choice([0.2, 0.5, 0.8]))
    kept = lost = 0
    with open(image, "r+b") as disk:
        for n, (sector, sectors, flags, place) in enumerate(entries, 1):
            if flags & DISCARD:
                continue  # as a disk may that does nothing then
            data = log.read(place, sectors * SECTOR)
            size = SECTOR if how == "sectors" else len(data)
            if n <= safe or flags & FUA:
                disk.seek(sector * SECTOR)
                disk.write(data)
                continue
            for at in range(0, len(data), size or 1):
                if rng.random() < share:
                    disk.seek(sector * SECTOR + at)
                    disk.write(data[at : at + size])
                    kept += size // SECTOR
                else:
                    lost += size // SECTOR
    print(
        f"{len(entries)} entries, {safe} of them safe; behind them {how}:"
        f" {kept} sectors kept, {lost} lost"
    )


def main(argv):
    try:
        command, log, *rest = argv
        if command == "watch":
            (pidfile,) = rest
            watch(log, pidfile)
        elif command == "kill":
            pidfile, key, entries, ms = rest
            kill(log, pidfile, key, int(entries), int(ms))
        elif command == "replay":
            image, key, *most = rest
            replay(log, image, key, *map(int, most))
        elif command == "moments":
            key, count = rest
            moments(log, key, int(count))
        else:
            raise ValueError
    except (TypeError, ValueError):
        sys.exit(__doc__)


main(sys.argv[1:])
