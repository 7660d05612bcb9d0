"""The embedded AWS: an emulator and the program deployed onto it, in one process."""
