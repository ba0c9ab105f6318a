/** auth-service: API tokens, one's own and those of service accounts. */
import { answer, client } from "./client";
import type { Role, TokenWish } from "./types";

const from = (cursor?: string) => ({ params: { query: cursor === undefined ? {} : { cursor } } });

export const tokens = () => answer(client.GET("/api/auth/tokens"));

export const createToken = (body: TokenWish) => answer(client.POST("/api/auth/tokens", { body }));

export const revokeToken = (id: string) => answer(client.DELETE("/api/auth/tokens/{id}", { params: { path: { id } } }));

export const serviceAccounts = (cursor?: string) => answer(client.GET("/api/service-accounts", from(cursor)));

export const createServiceAccount = (body: { name: string; role: Role }) => answer(client.POST("/api/service-accounts", { body }));

export const deleteServiceAccount = (id: string) => answer(client.DELETE("/api/service-accounts/{id}", { params: { path: { id } } }));

export const createServiceToken = (id: string, body: TokenWish) =>
  answer(client.POST("/api/service-accounts/{id}/tokens", { params: { path: { id } }, body }));

export const revokeServiceToken = (id: string, token_id: string) =>
  answer(client.DELETE("/api/service-accounts/{id}/tokens/{token_id}", { params: { path: { id, token_id } } }));
