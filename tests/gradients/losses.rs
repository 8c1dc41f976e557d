//! Losses, with outputs and targets as each takes them.

tables! {}
