from storyforge.backends.diffusers import pictures
def decoder(pipe, layout): return pictures.decoder(pipe)
def row_of(pipe, profile, pin, row): return pictures.row_of(pipe, pin)
def rows_from(pipe, profile, made, frames, size):
    rows = made if profile.layout != "BFCHW" else made.transpose(1, 2)
    return rows[0].transpose(0, 1)
