"""Run the command line as ``python -m clusteratlas.cli``."""

from clusteratlas.cli.app import main

if __name__ == "__main__":
    main()
