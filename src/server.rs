//! tmp
use tokio_util::sync::CancellationToken;
use std::net::SocketAddr;
#[derive(Debug)]
/// tmp
pub struct Readiness;
impl Readiness { /// tmp
pub fn new(_: crate::store::Vault, _: CancellationToken) -> Self { Self } }
/// tmp
pub async fn run(_: SocketAddr, _: Readiness, _: CancellationToken) {}
