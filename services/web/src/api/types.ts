/** What the four services say, under the names the app uses; generated from their OpenAPI documents. */
import type { components as AuditApi, paths as AuditPaths } from "./audit.generated";
import type { components as AuthApi, paths as AuthPaths } from "./auth.generated";
import type { components as NotifyApi, paths as NotifyPaths } from "./notify.generated";
import type { components as TaskApi, paths as TaskPaths } from "./task.generated";

export type paths = AuthPaths & TaskPaths & AuditPaths & NotifyPaths;

type Auth = AuthApi["schemas"];
type Tasks = TaskApi["schemas"];
type Audit = AuditApi["schemas"];
type Notify = NotifyApi["schemas"];

/** The keys a document calls optional although the services always send them, if only as null. */
type Sent<T> = { [K in keyof T]-?: undefined extends T[K] ? (null extends T[K] ? K : never) : K }[keyof T];

/** What an answer holds: a nullable member is null, never absent. */
export type Told<T> = T extends readonly (infer Item)[]
  ? Told<Item>[]
  : T extends object
    ? { [K in Sent<T>]-?: Told<Exclude<T[K], undefined>> } & { [K in Exclude<keyof T, Sent<T>>]?: Told<T[K]> }
    : T;

export interface Page<T> {
  items: T[];
  next: string | null;
}

export type Role = Auth["Role"];
export type Language = Auth["LanguageCode"];
export type Me = Told<Auth["Me"]>;
export type Session = Told<Auth["Session"]>;
export type Member = Told<Auth["Member"]>;
export type Invitation = Told<Auth["Invitation"]>;

export type SignInOptions = Told<Auth["SignInOptions"]>;
export type Provider = Told<Auth["ProviderName"]>;
export type Mfa = Told<Auth["SecondFactors"]>;
export type Passkey = Told<Auth["Passkey"]>;
export type Identity = Told<Auth["Identity"]>;
export type Scope = Auth["Scope"];
export type ApiToken = Told<Auth["ApiToken"]>;
export type NewApiToken = Told<Auth["NewApiToken"]>;
export type TokenWish = Auth["NewTokenBody"];
export type ServiceAccount = Told<Auth["ServiceAccount"]>;
export type WorkspaceSettings = Told<Auth["WorkspaceSettings"]>;

export type Status = Tasks["Status"];
export type Priority = Tasks["Priority"];
export type Card = Told<Tasks["Card"]>;
export type Column = Omit<Told<Tasks["BoardColumn"]>, "board_id">;
export type Board = Omit<Told<Tasks["BoardPage"]>, "columns"> & { columns: Column[] };
export type Task = Told<Tasks["Task"]>;
export type Comment = Told<Tasks["Comment"]>;
/** What PATCH takes: only the fields that change; null clears. */
export type TaskPatch = Tasks["EditTask"];
/** Where a moved card or column goes: next to a neighbour, or (neither) to the end. */
export type Anchor = Pick<Tasks["MoveColumn"], "before" | "after">;

type State = "card" | "column" | "board";
/** A change carries the present state of what was changed, null when that is gone. */
export type FeedItem = Omit<Told<Tasks["ChangeItem"]>, State> & {
  card?: Card | null;
  column?: Column | null;
  board?: { id: string; name: string; version: number } | null;
};
export interface Changes {
  position: number;
  items: FeedItem[];
}

/** A field's value before and after, as any JSON. */
export interface FieldChange {
  name: string;
  before?: unknown;
  after?: unknown;
}
export type AuditEntry = Omit<Told<Audit["AuditEntry"]>, "fields"> & { fields: FieldChange[] };
export type Notice = Omit<Told<Notify["Notification"]>, "fields"> & {
  fields: (FieldChange & { before_name?: string | null; after_name?: string | null })[];
};
export type MailPreference = Notify["MailWish"];
