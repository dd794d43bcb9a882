"""CloudGPUs from the command line: refresh prices, render the site, look after its database and its words."""

from generator.commands import main
from generator.commands.streams import sturdy
from generator.processes import orderly

if __name__ == "__main__":
    with sturdy(), orderly():
        main()
