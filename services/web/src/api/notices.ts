/** audit-service and notify-service: what happened, and who was told. */
import { answer, client, ifMatch } from "./client";
import type { MailPreference } from "./types";

export const history = (taskId: string, cursor?: string) =>
  answer(client.GET("/api/audit/entries", { params: { query: { task: taskId, limit: 50, ...(cursor ? { cursor } : {}) } } }));

/** Kinds of what happened, and whose account it concerns; both are optional. */
export interface LogFilter {
  kind?: string | undefined;
  account?: string | undefined;
}

export const securityLog = ({ kind, account }: LogFilter, cursor?: string) =>
  answer(client.GET("/api/audit/security", { params: { query: { limit: 50, ...(kind ? { kind } : {}), ...(account ? { account } : {}), ...(cursor ? { cursor } : {}) } } }));

export const notices = (unread: boolean, cursor?: string) =>
  answer(client.GET("/api/notifications", { params: { query: { limit: 50, ...(unread ? { unread } : {}), ...(cursor ? { cursor } : {}) } } }));

export const unreadCount = () => answer(client.GET("/api/notifications/unread-count"));

export const markRead = (body: { ids: string[] } | { all: true }) =>
  answer(client.POST("/api/notifications/read", { body }));

export const preferences = () => answer(client.GET("/api/preferences"));

export const setPreferences = (version: number, mail: MailPreference) =>
  answer(client.PATCH("/api/preferences", { params: { header: ifMatch(version) }, body: { mail } }));

export const mailbox = (cursor?: string) =>
  answer(client.GET("/api/mailbox", { params: { query: { limit: 50, ...(cursor ? { cursor } : {}) } } }));

export const mail = (id: string) => answer(client.GET("/api/mailbox/{id}", { params: { path: { id } } }));
