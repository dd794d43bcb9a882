"""CloudGPUs from the command line: refresh prices, render the site, look after its database and its words."""

from generator.commands import main

if __name__ == "__main__":
    main()
