/**
 * Routes that the services' OpenAPI documents do not describe yet, by hand and in the form of the generated files.
 * Once a document has them, `npm run api` brings them: then `types.ts` takes its names from there, and this goes.
 */
import type { paths as AuditPaths } from "./audit.generated";
import type { components as AuthApi } from "./auth.generated";

type Auth = AuthApi["schemas"];

export interface schemas {
  SignInOptions: { sign_up: "open" | "first" | "closed"; passkeys: boolean; providers: schemas["Provider"][] };
  Provider: { id: string; name: string };
  SecondFactors: Auth["SecondFactors"] & { passkeys: schemas["Passkey"][] };
  Passkey: { id: string; name: string; created_at: string; last_used_at: string | null };
  CreateCeremony: { ceremony: string; options: PublicKeyCredentialCreationOptionsJSON };
  RequestCeremony: { ceremony: string; options: PublicKeyCredentialRequestOptionsJSON };
  PasskeyAdded: { passkey: schemas["Passkey"]; recovery_codes: string[] | null };
  Answered: { ceremony: string; credential: PublicKeyCredentialJSON };
  ExternalDone: { session: Auth["Session"] | null; linked: boolean; return_to: string };
  Identity: {
    id: string; provider: string; provider_name: string; email: string | null; name: string | null; linked_at: string; last_used_at: string | null;
  };
  Scope: "read" | "tasks:write" | "members:write" | "audit:read";
  ApiToken: {
    id: string; name: string; scopes: schemas["Scope"][]; created_at: string; expires_at: string; last_used_at: string | null; hint: string;
  };
  NewApiToken: schemas["ApiToken"] & { token: string };
  TokenBody: { name: string; scopes: schemas["Scope"][]; expires_in_days: number };
  ServiceAccount: { id: string; name: string; role: Auth["Role"]; created_at: string; tokens: schemas["ApiToken"][] };
  WorkspaceSettings: { id: string; name: string; require_second_factor: boolean; version: number; created_at: string };
  /** What a session, `/api/auth/me` and the list of members say beyond their documents. */
  MeMore: { kind?: "person" | "service"; second_factor_needed?: boolean };
  SessionMore: { second_factor_needed?: boolean };
  MemberMore: { kind?: "person" | "service" };
}

interface Parameters {
  query?: object | undefined;
  header?: object | undefined;
  path?: object | undefined;
}

/** One operation, as the generator writes it; with neither parameters nor a body unless it says so. */
type Call<T, Body = never, P extends Parameters = Nothing> = { parameters: P } & Taking<Body> & {
  responses: { 200: { headers: Record<string, unknown>; content: { "application/json": T } } };
};
/** One that answers nothing. */
type Silent<Body = never, P extends Parameters = Nothing> = { parameters: P } & Taking<Body> & {
  responses: { 204: { headers: Record<string, unknown>; content?: never } };
};
type Taking<Body> = [Body] extends [never] ? { requestBody?: never } : { requestBody: { content: { "application/json": Body } } };
interface List<T> {
  items: T[];
  next: string | null;
}
type Log = AuditPaths["/api/audit/security"]["get"];
interface Nothing {
  query?: never;
  header?: never;
  path?: never;
  cookie?: never;
}
type ById = Omit<Nothing, "path"> & { path: { id: string } };
type ByToken = Omit<Nothing, "path"> & { path: { id: string; token_id: string } };
type ByProvider = Omit<Nothing, "path"> & { path: { provider: string } };
type ByPage = Omit<Nothing, "query"> & { query?: { cursor?: string } };
type WithVersion = Omit<Nothing, "header"> & { header: { "If-Match": string } };

export interface paths {
  "/api/auth/sign-in-options": { get: Call<schemas["SignInOptions"]> };
  "/api/auth/mfa": { get: Call<schemas["SecondFactors"]> };
  "/api/auth/mfa/passkeys/begin": { post: Call<schemas["CreateCeremony"]> };
  "/api/auth/mfa/passkeys": { post: Call<schemas["PasskeyAdded"], schemas["Answered"] & { name: string }> };
  "/api/auth/mfa/passkeys/{id}": { delete: Silent<never, ById> };
  "/api/auth/passkeys/begin": { post: Call<schemas["RequestCeremony"], { ticket?: string }> };
  "/api/auth/passkeys/sign-in": { post: Call<Auth["Session"], schemas["Answered"]> };
  "/api/auth/step-up/passkey": { post: Call<schemas["RequestCeremony"]> };
  "/api/auth/step-up": { post: Call<Auth["Proven"], { password: string } | { code: string } | schemas["Answered"]> };
  "/api/auth/sign-out": { post: Call<{ end_session_url: string } | undefined> };
  "/api/auth/external/complete": { post: Call<schemas["ExternalDone"], Record<string, never>> };
  "/api/auth/external/identities": { get: Call<List<schemas["Identity"]>> };
  "/api/auth/external/identities/{id}": { delete: Silent<never, ById> };
  "/api/auth/external/{provider}/link": { post: Call<{ location: string }, { return_to: string }, ByProvider> };
  "/api/auth/tokens": { get: Call<List<schemas["ApiToken"]>, never, ByPage>; post: Call<schemas["NewApiToken"], schemas["TokenBody"]> };
  "/api/auth/tokens/{id}": { delete: Silent<never, ById> };
  "/api/service-accounts": { get: Call<List<schemas["ServiceAccount"]>, never, ByPage>; post: Call<schemas["ServiceAccount"], { name: string; role: Auth["Role"] }> };
  "/api/service-accounts/{id}": { delete: Silent<never, ById> };
  "/api/service-accounts/{id}/tokens": { post: Call<schemas["NewApiToken"], schemas["TokenBody"], ById> };
  "/api/service-accounts/{id}/tokens/{token_id}": { delete: Silent<never, ByToken> };
  "/api/audit/security": { get: Omit<Log, "parameters"> & { parameters: Omit<Log["parameters"], "query"> & { query?: Log["parameters"]["query"] & { account?: string } } } };
  "/api/workspace": {
    get: Call<schemas["WorkspaceSettings"]>;
    patch: Call<schemas["WorkspaceSettings"], { name?: string; require_second_factor?: boolean }, WithVersion>;
    delete: Silent<{ name: string }>;
  };
  "/api/auth/me/export": { get: Call<unknown> };
  "/api/tasks/export/me": { get: Call<unknown> };
  "/api/audit/export/me": { get: Call<unknown> };
  "/api/notifications/export/me": { get: Call<unknown> };
  "/api/auth/me/erase": { post: Silent<{ email: string }> };
}
