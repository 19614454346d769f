//! tmp
use std::net::SocketAddr;
use tokio_util::sync::CancellationToken;
#[derive(Debug)]
/// tmp
pub struct Readiness;
impl Readiness {
    /// tmp
    pub fn new(_: crate::store::Vault, _: CancellationToken) -> Self {
        Self
    }
}
/// tmp
pub async fn run(_: SocketAddr, _: Readiness, _: CancellationToken) {}
