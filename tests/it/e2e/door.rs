//! A door in front of one service: open, refusing, or taking requests and never answering.
//!
//! Bytes go through as they are. Whoever changes the door cuts what is under way, as a network
//! does. Start at [`Door::before`].

use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Traffic {
    Open,
    /// Closed at once.
    Refusing,
    /// Taken, and never answered.
    Hanging,
}

#[derive(Debug)]
pub(super) struct Door {
    address: SocketAddr,
    traffic: watch::Sender<Traffic>,
    /// Who is behind it; known later than the door.
    behind: watch::Sender<Option<SocketAddr>>,
}

impl Door {
    /// On a free port of this machine; ends with the runtime.
    pub(super) async fn new() -> Door {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let door = Door {
            address: listener.local_addr().unwrap(),
            traffic: watch::Sender::new(Traffic::Open),
            behind: watch::Sender::new(None),
        };
        let (traffic, behind) = (door.traffic.subscribe(), door.behind.subscribe());
        tokio::spawn(async move {
            while let Ok((guest, _)) = listener.accept().await {
                tokio::spawn(let_in(guest, traffic.clone(), behind.clone()));
            }
        });
        door
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(super) fn leads_to(&self, address: SocketAddr) {
        self.behind.send_replace(Some(address));
    }

    pub(super) fn set(&self, traffic: Traffic) {
        self.traffic.send_replace(traffic);
    }
}

async fn let_in(
    mut guest: TcpStream,
    mut traffic: watch::Receiver<Traffic>,
    mut behind: watch::Receiver<Option<SocketAddr>>,
) {
    let now = *traffic.borrow_and_update();
    match now {
        Traffic::Refusing => {}
        Traffic::Hanging => {
            let _ = traffic.changed().await;
        }
        Traffic::Open => {
            let Ok(Some(host)) = behind.wait_for(Option::is_some).await.map(|host| *host) else {
                return;
            };
            let Ok(mut host) = TcpStream::connect(host).await else {
                return;
            };
            tokio::select! {
                _ = tokio::io::copy_bidirectional(&mut guest, &mut host) => {}
                _ = traffic.changed() => {
                    // Held, where it hangs, so that nobody is told.
                    if *traffic.borrow_and_update() == Traffic::Hanging {
                        let _ = traffic.changed().await;
                    }
                }
            }
        }
    }
}
