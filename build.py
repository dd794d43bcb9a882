"""CloudGPUs from the command line: refresh prices, render the site, look after its database and its words."""

import signal

if __name__ == "__main__" and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C while the rest is imported needs no traceback

import sys

from generator.site import up_to_date

if __name__ == "__main__" and up_to_date.has_told(sys.argv[1:]):
    sys.exit()

from generator.commands import main
from generator.commands.streams import sturdy
from generator.processes import orderly

if __name__ == "__main__":
    with sturdy(), orderly():
        main()
