//! The server: one public port, one internal port, one service or several.

use crate::boundary::{Boundary, boundary};
use crate::client_ip::TrustedProxies;
use crate::cors::{Origin, cors};
use crate::health::{self, Health, Part};
use crate::revocations::RevocationsProbe;
use crate::spa::Spa;
use crate::span::RequestSpan;
use crate::stopping::Stopping;
use crate::workers::{self, Workers};
use crate::{Probe, Service, body, gate, http};
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Condition, from_fn};
use actix_web::web::{self, ServiceConfig};
use actix_web::{App, Error, HttpServer};
use auth_token::{Gate, Verifier};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tracing_actix_web::TracingLogger;

/// A set of routes, called once for each server thread.
type Routes = Arc<dyn Fn(&mut ServiceConfig) + Send + Sync>;

/// How long a connection may take to close.
const DISCONNECT: Duration = Duration::from_secs(2);

/// Puts a server together; nothing listens before [`Server::bind`].
#[must_use = "a server does nothing until it is bound and run"]
pub struct Server {
    http: http::Settings,
    public: Option<Vec<Routes>>,
    internal: Vec<Routes>,
    parts: Vec<Part>,
    verifier: Option<Verifier>,
    gate: Gate,
    spa: Option<Spa>,
}

impl Server {
    /// A server with nothing but `/livez`, `/readyz` and, inside, `/metrics`.
    pub fn new(http: &http::Settings) -> Server {
        Server {
            http: http.clone(),
            public: Some(Vec::new()),
            internal: Vec::new(),
            parts: Vec::new(),
            verifier: None,
            gate: Gate::default(),
            spa: None,
        }
    }

    /// Verifies people and services with this. Without it nobody gets in.
    pub fn verifier(mut self, verifier: Verifier) -> Server {
        self.verifier = Some(verifier);
        self
    }

    /// Mounts a service: its public and internal routes and its parts. Call it several times for several services;
    /// their parts are then told apart by the service's name.
    pub fn mount<S: Service>(mut self, service: &S) -> Server {
        gate::enter(&mut self.gate, S::NAME, &S::openapi());
        let (outer, inner) = (service.clone(), service.clone());
        self.public_routes(move |cfg| outer.routes(cfg))
            .internal_routes(move |cfg| inner.internal_routes(cfg))
            .parts_of(service)
    }

    /// Adds a service's parts alone, as a process does that only works.
    pub fn parts_of<S: Service>(mut self, service: &S) -> Server {
        let own = service.probes().into_iter().map(|probe| Part {
            service: Some(S::NAME),
            probe,
        });
        self.parts.extend(own);
        self
    }

    /// Adds routes to the public port.
    pub fn public_routes(mut self, routes: impl Fn(&mut ServiceConfig) + Send + Sync + 'static) -> Server {
        if let Some(public) = &mut self.public {
            public.push(Arc::new(routes));
        }
        self
    }

    /// Adds routes to the internal port.
    pub fn internal_routes(mut self, routes: impl Fn(&mut ServiceConfig) + Send + Sync + 'static) -> Server {
        self.internal.push(Arc::new(routes));
        self
    }

    /// Adds a part of the process itself to `/readyz`.
    pub fn part(mut self, probe: Arc<dyn Probe>) -> Server {
        self.parts.push(Part { service: None, probe });
        self
    }

    /// Shows in `/readyz` whether revoked tokens are learnt of.
    pub fn follows(self, verifier: &Verifier) -> Server {
        self.part(Arc::new(RevocationsProbe(verifier.revocations().clone())))
    }

    /// Shows in `/readyz` whether these workers are at work.
    pub fn workers(self, workers: &Workers) -> Server {
        self.part(Arc::new(workers::WorkersProbe(workers.clone())))
    }

    /// Serves the web app for everything that no route answers.
    pub fn spa(mut self, spa: Spa) -> Server {
        self.spa = Some(spa);
        self
    }

    /// Leaves the public port out.
    pub fn internal_only(mut self) -> Server {
        self.public = None;
        self
    }

    /// Takes the ports. From here on clients can connect; they are answered once it runs.
    ///
    /// # Errors
    /// When a port is taken or not allowed.
    pub fn bind(mut self) -> io::Result<Bound> {
        let public = match self.public {
            Some(_) => Some(listen(self.http.public_address())?),
            None => None,
        };
        let internal = listen(self.http.internal_address())?;
        let services: std::collections::BTreeSet<_> =
            self.parts.iter().filter_map(|part| part.service).collect();
        if services.len() < 2 {
            self.parts.iter_mut().for_each(|part| part.service = None);
        }
        Ok(Bound {
            public_addr: public.as_ref().map(TcpListener::local_addr).transpose()?,
            internal_addr: internal.local_addr()?,
            server: self,
            public,
            internal,
        })
    }
}

/// A server that holds its ports.
#[must_use = "a bound server answers nobody until it is run"]
pub struct Bound {
    /// The public address, unless the server is internal only.
    pub public_addr: Option<SocketAddr>,
    /// The internal address.
    pub internal_addr: SocketAddr,
    server: Server,
    public: Option<TcpListener>,
    internal: TcpListener,
}

impl Bound {
    /// The public address as the beginning of a URL, such as `http://127.0.0.1:8080`; the internal one when there is
    /// no public one.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.public_addr.unwrap_or(self.internal_addr))
    }

    /// Serves until `stop` is cancelled, then finishes the requests under way within `shutdown_seconds`. The internal
    /// port stays open until the public one is done.
    ///
    /// # Errors
    /// When a listener fails.
    pub async fn run(self, stop: CancellationToken) -> io::Result<()> {
        let Server {
            http,
            public,
            internal,
            parts,
            verifier,
            gate,
            spa,
        } = self.server;
        let health = web::Data::new(Health::new(parts));
        let common = Common {
            body: body::Bounds::from(&http),
            proxies: web::Data::new(http.trusted_proxies.clone()),
            health,
            stopping: web::Data::new(Stopping(stop.clone())),
            verifier: verifier.map(web::Data::new),
            gate: web::Data::new(gate),
        };
        let within = Boundary {
            deadline: Duration::from_secs(http.request_timeout_seconds),
            https: http.is_https(),
            guarded: false,
        };

        let inside_stop = CancellationToken::new();
        let inside = Face {
            common: common.clone(),
            boundary: Boundary {
                guarded: true,
                ..within
            },
            routes: with(internal, health::internal_routes),
            spa: None,
            origins: Vec::new(),
        };
        let inside = tokio::spawn(serve(inside, &http, self.internal, 1, inside_stop.clone())?);

        let outcome = match (self.public, public) {
            (Some(listener), Some(routes)) => {
                let routes = with(routes, health::public_routes);
                let face = Face {
                    common,
                    boundary: within,
                    routes,
                    spa,
                    origins: http.allowed_origins.clone(),
                };
                serve(face, &http, listener, threads(&http), stop)?.await
            }
            _ => {
                stop.cancelled().await;
                Ok(())
            }
        };
        inside_stop.cancel();
        outcome.and(inside.await.map_err(io::Error::other)?)
    }
}

/// What both ports share.
#[derive(Clone)]
struct Common {
    body: body::Bounds,
    proxies: web::Data<TrustedProxies>,
    health: web::Data<Health>,
    stopping: web::Data<Stopping>,
    verifier: Option<web::Data<Verifier>>,
    gate: web::Data<Gate>,
}

/// One port.
struct Face {
    common: Common,
    boundary: Boundary,
    routes: Vec<Routes>,
    spa: Option<Spa>,
    /// Other origins that may speak with this port.
    origins: Vec<Origin>,
}

impl Face {
    fn configure(&self, cfg: &mut ServiceConfig) {
        let common = &self.common;
        cfg.app_data(common.body)
            .app_data(self.boundary)
            .app_data(common.proxies.clone())
            .app_data(common.health.clone())
            .app_data(common.stopping.clone())
            .app_data(common.gate.clone());
        if let Some(verifier) = &common.verifier {
            cfg.app_data(verifier.clone());
        }
        for routes in &self.routes {
            routes(cfg);
        }
        if let Some(spa) = &self.spa {
            spa.configure(cfg);
        }
    }
}

fn with(mut routes: Vec<Routes>, more: fn(&mut ServiceConfig)) -> Vec<Routes> {
    routes.push(Arc::new(more));
    routes
}

fn app(
    face: &Face,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody + use<>>,
        Error = Error,
        InitError = (),
    > + use<>,
> {
    App::new()
        .configure(|cfg| face.configure(cfg))
        .wrap(Condition::new(!face.origins.is_empty(), cors(&face.origins)))
        .wrap(from_fn(boundary))
        .wrap(TracingLogger::<RequestSpan>::new())
}

fn serve(
    face: Face,
    http: &http::Settings,
    listener: TcpListener,
    threads: usize,
    stop: CancellationToken,
) -> io::Result<actix_web::dev::Server> {
    let face = Arc::new(face);
    let server = HttpServer::new(move || app(&face))
        .workers(threads)
        .keep_alive(Duration::from_secs(http.keep_alive_seconds))
        .client_request_timeout(Duration::from_secs(http.head_timeout_seconds))
        .client_disconnect_timeout(DISCONNECT)
        .shutdown_timeout(http.shutdown_seconds)
        .disable_signals()
        .shutdown_signal(stop.cancelled_owned())
        .listen(listener)?;
    Ok(server.run())
}

fn threads(http: &http::Settings) -> usize {
    let processors = || std::thread::available_parallelism().map_or(2, NonZero::get);
    http.threads.unwrap_or_else(processors)
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(address)
        .map_err(|error| io::Error::new(error.kind(), format!("cannot listen on {address}: {error}")))
}
