//! A door in front of one service: open, refusing, or taking requests and never answering.
//!
//! Bytes go through as they are. Whoever changes the door cuts what is under way, as a network
//! does. Start at [`Door::before`].

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
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
    /// What was said to it since it last forgot.
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Door {
    /// On a free port of this machine; ends with the runtime.
    pub(super) async fn new() -> Door {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let door = Door {
            address: listener.local_addr().unwrap(),
            traffic: watch::Sender::new(Traffic::Open),
            behind: watch::Sender::new(None),
            heard: Arc::default(),
        };
        let heard = Arc::clone(&door.heard);
        let (traffic, behind) = (door.traffic.subscribe(), door.behind.subscribe());
        tokio::spawn(async move {
            while let Ok((guest, _)) = listener.accept().await {
                let heard = Arc::clone(&heard);
                tokio::spawn(let_in(guest, traffic.clone(), behind.clone(), heard));
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

    /// All that guests said, in one.
    pub(super) fn heard(&self) -> String {
        String::from_utf8_lossy(&self.heard.lock().unwrap()).into_owned()
    }

    pub(super) fn forget(&self) {
        self.heard.lock().unwrap().clear();
    }

    pub(super) fn set(&self, traffic: Traffic) {
        self.traffic.send_replace(traffic);
    }
}

async fn let_in(
    mut guest: TcpStream,
    mut traffic: watch::Receiver<Traffic>,
    mut behind: watch::Receiver<Option<SocketAddr>>,
    heard: Arc<Mutex<Vec<u8>>>,
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
                _ = pass_on(&mut guest, &mut host, &heard) => {}
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

/// Both ways, until either side ends.
async fn pass_on(
    guest: &mut TcpStream,
    host: &mut TcpStream,
    heard: &Mutex<Vec<u8>>,
) -> std::io::Result<()> {
    let (mut from_guest, mut to_guest) = guest.split();
    let (mut from_host, mut to_host) = host.split();
    let asks = async {
        let mut said = vec![0; 16 * 1024];
        loop {
            let length = from_guest.read(&mut said).await?;
            if length == 0 {
                return to_host.shutdown().await;
            }
            heard.lock().unwrap().extend_from_slice(&said[..length]);
            to_host.write_all(&said[..length]).await?;
        }
    };
    let answers = async {
        tokio::io::copy(&mut from_host, &mut to_guest).await?;
        to_guest.shutdown().await
    };
    tokio::try_join!(asks, answers).map(|_| ())
}
