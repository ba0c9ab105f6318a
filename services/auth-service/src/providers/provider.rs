//! One provider: its metadata and keys, kept for an hour, and the code flow with PKCE (RFC 7636), state and nonce.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use std::time::Duration;

use moka::future::Cache;
use openidconnect::{
    AccessTokenHash, AdditionalProviderMetadata, AuthType, AuthorizationCode, Client, ClientId, ClientSecret,
    CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenFields,
    IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, ProviderMetadata,
    RedirectUrl, Scope, StandardErrorResponse, StandardTokenResponse, UserInfoClaims,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreClaimName, CoreClaimType,
        CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim, CoreGrantType, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm,
        CoreResponseMode, CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse,
        CoreSubjectIdentifierType, CoreTokenIntrospectionResponse, CoreTokenType,
    },
    url::Url,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::{
    claims::{MoreClaims, Profile},
    fetch,
    settings::{Kind, ProviderSettings},
};
use crate::app::now;

/// How long metadata and keys are believed.
const KEPT: Duration = Duration::from_secs(3600);
/// For so many seconds after a look at the keys there is no other: a forged key id must not make us a hammer.
const PATIENCE: i64 = 30;
/// What ID tokens may be signed with: asymmetric and of today.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 4] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EdDsa,
];

#[derive(Debug, Clone, Serialize, Deserialize)]
struct MoreMetadata {
    #[serde(default)]
    end_session_endpoint: Option<Url>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for MoreMetadata {}

type Metadata = ProviderMetadata<
    MoreMetadata,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

type Tokens = StandardTokenResponse<
    IdTokenFields<
        MoreClaims,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

type OwnClient = Client<
    MoreClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why a provider's word is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// Its metadata or keys cannot be had.
    #[error("the provider's metadata cannot be used: {0}")]
    Metadata(String),
    /// Another issuer than the one that was asked answers (RFC 9207).
    #[error("the answer names another issuer, or none")]
    MixedUp,
    /// It gives no tokens for the code.
    #[error("the code was not exchanged: {0}")]
    Exchange(String),
    /// There is no ID token, or it is not good.
    #[error("the ID token is not accepted: {0}")]
    Token(String),
    /// It does not tell more of the person.
    #[error("the provider tells nothing of the person: {0}")]
    UserInfo(String),
}

/// Where a browser is sent, and what to remember of it.
pub struct Sent {
    /// The provider's page.
    pub location: String,
    /// What its answer must show.
    pub expected: Expected,
}

/// What an answer must show.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Expected {
    /// Comes back with the browser.
    pub state: String,
    /// Comes back in the ID token.
    nonce: String,
    /// Goes with the code.
    verifier: String,
}

/// A provider.
pub struct Provider {
    id: String,
    settings: ProviderSettings,
    issuer: IssuerUrl,
    redirect: RedirectUrl,
    http: reqwest::Client,
    metadata: Cache<(), Arc<Metadata>>,
    fetched_at: AtomicI64,
}

impl Provider {
    /// Puts it together. Nothing is fetched yet.
    ///
    /// # Errors
    /// When an address of the settings is none.
    pub(super) fn new(
        id: &str,
        settings: &ProviderSettings,
        redirect: &str,
        http: reqwest::Client,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            id: id.to_owned(),
            issuer: IssuerUrl::new(settings.issuer.clone())?,
            redirect: RedirectUrl::new(redirect.to_owned())?,
            settings: settings.clone(),
            http,
            metadata: Cache::builder().max_capacity(1).time_to_live(KEPT).build(),
            fetched_at: AtomicI64::new(0),
        })
    }

    /// Its name in the settings and in paths.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its issuer.
    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// What was set for it.
    pub fn settings(&self) -> &ProviderSettings {
        &self.settings
    }

    /// Where to send a browser that wants to sign in there.
    pub async fn send(&self) -> Result<Sent, ProviderError> {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let scopes = self.settings.scopes.as_deref();
        let scopes = scopes.unwrap_or_else(|| self.settings.kind.scopes());
        let client = self.client(self.metadata().await?.as_ref());
        let (location, state, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scopes(
                scopes
                    .split_whitespace()
                    .map(|scope| Scope::new(scope.to_owned())),
            )
            .set_pkce_challenge(challenge)
            .url();
        Ok(Sent {
            location: location.into(),
            expected: Expected {
                state: state.into_secret(),
                nonce: nonce.secret().clone(),
                verifier: verifier.into_secret(),
            },
        })
    }

    /// Exchanges the code that a browser brought, and says who they are.
    pub async fn identify(
        &self,
        code: SecretString,
        issuer: Option<&str>,
        expected: Expected,
    ) -> Result<Profile, ProviderError> {
        let metadata = self.metadata().await?;
        let more = metadata.additional_metadata();
        let named = issuer.is_some() || more.authorization_response_iss_parameter_supported;
        if named && issuer != Some(self.issuer()) {
            return Err(ProviderError::MixedUp);
        }
        let client = self.client(&metadata);
        let http = |request| fetch::send(self.http.clone(), request);
        let tokens = client
            .exchange_code(AuthorizationCode::new(code.expose_secret().to_owned()))
            .map_err(|error| ProviderError::Exchange(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(expected.verifier))
            .request_async(&http)
            .await
            .map_err(|error| ProviderError::Exchange(error.to_string()))?;
        let nonce = Nonce::new(expected.nonce);
        let mut profile = match self.check(&client, &tokens, &nonce) {
            Ok(profile) => profile,
            // Its keys may have been rotated since we looked.
            Err(error) => match self.look_again().await? {
                Some(metadata) => self.check(&self.client(&metadata), &tokens, &nonce)?,
                None => return Err(error),
            },
        };
        if profile.email.is_none() && metadata.userinfo_endpoint().is_some() {
            self.ask_more(&client, &tokens, &mut profile).await?;
        }
        Ok(profile)
    }

    fn check(&self, client: &OwnClient, tokens: &Tokens, nonce: &Nonce) -> Result<Profile, ProviderError> {
        let refused = |error: &dyn std::error::Error| ProviderError::Token(error.to_string());
        let token = tokens.extra_fields().id_token();
        let token = token.ok_or_else(|| ProviderError::Token("there is none".to_owned()))?;
        let verifier = client.id_token_verifier().set_allowed_algs(ALGORITHMS);
        let claims = token.claims(&verifier, nonce).map_err(|error| refused(&error))?;
        if let Some(hash) = claims.access_token_hash() {
            let algorithm = token.signing_alg().map_err(|error| refused(&error))?;
            let key = token.signing_key(&verifier).map_err(|error| refused(&error))?;
            let actual = AccessTokenHash::from_token(tokens.access_token(), algorithm, key);
            if &actual.map_err(|error| refused(&error))? != hash {
                return Err(ProviderError::Token(
                    "at_hash is of another access token".to_owned(),
                ));
            }
        }
        Profile::of_token(&self.settings, claims)
            .ok_or_else(|| ProviderError::Token("the subject is too long".to_owned()))
    }

    async fn ask_more(
        &self,
        client: &OwnClient,
        tokens: &Tokens,
        profile: &mut Profile,
    ) -> Result<(), ProviderError> {
        let failed = |error: String| ProviderError::UserInfo(error);
        let http = |request| fetch::send(self.http.clone(), request);
        let subject = openidconnect::SubjectIdentifier::new(profile.subject.clone());
        let claims: UserInfoClaims<MoreClaims, CoreGenderClaim> = client
            .user_info(tokens.access_token().clone(), Some(subject))
            .map_err(|error| failed(error.to_string()))?
            .request_async(&http)
            .await
            .map_err(|error| failed(error.to_string()))?;
        profile.complete(&self.settings, &claims);
        Ok(())
    }

    /// Where a browser goes to end its session there too; none where the provider has no such page.
    pub async fn end_session_url(&self, back: &str) -> Result<Option<String>, ProviderError> {
        let metadata = self.metadata().await?;
        let page = metadata.additional_metadata().end_session_endpoint.clone();
        Ok(page.map(|mut page| {
            page.query_pairs_mut()
                .append_pair("client_id", &self.settings.client_id)
                .append_pair("post_logout_redirect_uri", back);
            page.into()
        }))
    }

    fn client(&self, metadata: &Metadata) -> OwnClient {
        let secret = ClientSecret::new(self.settings.client_secret.expose_secret().to_owned());
        let id = ClientId::new(self.settings.client_id.clone());
        // RFC 6749 prefers the header; some know the body alone.
        let methods = metadata.token_endpoint_auth_methods_supported();
        let by_header =
            methods.is_none_or(|methods| methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
        let auth_type = match self.settings.kind {
            Kind::Oidc if by_header => AuthType::BasicAuth,
            _ => AuthType::RequestBody,
        };
        Client::from_provider_metadata(metadata.clone(), id, Some(secret))
            .set_redirect_uri(self.redirect.clone())
            .set_auth_type(auth_type)
    }

    async fn metadata(&self) -> Result<Arc<Metadata>, ProviderError> {
        // Who comes meanwhile waits for the same answer.
        self.metadata
            .try_get_with((), self.discover())
            .await
            .map_err(|error: Arc<ProviderError>| ProviderError::Metadata(error.to_string()))
    }

    /// Fetches metadata and keys anew, unless that was done just now.
    async fn look_again(&self) -> Result<Option<Arc<Metadata>>, ProviderError> {
        if now().timestamp() - self.fetched_at.load(Ordering::Relaxed) < PATIENCE {
            return Ok(None);
        }
        self.metadata.invalidate(&()).await;
        self.metadata().await.map(Some)
    }

    async fn discover(&self) -> Result<Arc<Metadata>, ProviderError> {
        self.fetched_at.store(now().timestamp(), Ordering::Relaxed);
        let http = |request| fetch::send(self.http.clone(), request);
        let metadata = Metadata::discover_async(self.issuer.clone(), &http).await;
        let metadata = metadata.map_err(|error| ProviderError::Metadata(error.to_string()))?;
        Ok(Arc::new(metadata))
    }
}
