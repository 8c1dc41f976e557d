//! Whole networks, as the macro generates them. The layers themselves are tested in `gradients`.

mod declared;
mod passes;
