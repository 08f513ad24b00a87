"""`python -m storyforge` is `storyforge`."""

from storyforge.cli import main

if __name__ == "__main__":
    main()
