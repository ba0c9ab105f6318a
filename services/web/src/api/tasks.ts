/** task-service: boards, columns, tasks, comments and the change feed. */
import { answer, client, ifMatch, once } from "./client";
import type { Anchor, Status, TaskPatch } from "./types";

export const boards = (cursor?: string) =>
  answer(client.GET("/api/boards", { params: { query: { limit: 200, ...(cursor ? { cursor } : {}) } } }));

export const deletedBoards = () => answer(client.GET("/api/boards", { params: { query: { deleted: true, limit: 100 } } }));

export const createBoard = (body: { name: string; columns?: { name: string; status: Status }[] }, key: string) =>
  answer(client.POST("/api/boards", { params: { header: once(key) }, body }));

export const board = (id: string, signal?: AbortSignal) =>
  answer(client.GET("/api/boards/{id}", { params: { path: { id } }, ...(signal ? { signal } : {}) }));

export const renameBoard = (id: string, version: number, name: string) =>
  answer(client.PATCH("/api/boards/{id}", { params: { path: { id }, header: ifMatch(version) }, body: { name } }));

export const deleteBoard = (id: string, version: number) =>
  answer(client.DELETE("/api/boards/{id}", { params: { path: { id }, header: ifMatch(version) } }));

export const restoreBoard = (id: string, version: number) =>
  answer(client.POST("/api/boards/{id}/restore", { params: { path: { id }, header: ifMatch(version) } }));

/** Waits on the server for a change after `after`, at most `wait` seconds. */
export const changes = (id: string, after: number, wait: number, signal: AbortSignal) =>
  answer(client.GET("/api/boards/{id}/changes", { params: { path: { id }, query: { after, wait } }, signal }));

export const createColumn = (boardId: string, body: { name: string; status: Status } & Anchor, key: string) =>
  answer(client.POST("/api/boards/{id}/columns", { params: { path: { id: boardId }, header: once(key) }, body }));

export const editColumn = (id: string, version: number, body: { name?: string; status?: Status }) =>
  answer(client.PATCH("/api/columns/{id}", { params: { path: { id }, header: ifMatch(version) }, body }));

export const moveColumn = (id: string, version: number, body: Anchor) =>
  answer(client.POST("/api/columns/{id}/move", { params: { path: { id }, header: ifMatch(version) }, body }));

export const deleteColumn = (id: string, version: number) =>
  answer(client.DELETE("/api/columns/{id}", { params: { path: { id }, header: ifMatch(version) } }));

export const createTask = (boardId: string, body: { title: string; column_id: string } & TaskPatch, key: string) =>
  answer(client.POST("/api/boards/{id}/tasks", { params: { path: { id: boardId }, header: once(key) }, body }));

export const task = (id: string) => answer(client.GET("/api/tasks/{id}", { params: { path: { id } } }));

export const editTask = (id: string, version: number, body: TaskPatch) =>
  answer(client.PATCH("/api/tasks/{id}", { params: { path: { id }, header: ifMatch(version) }, body }));

export const moveTask = (id: string, version: number, body: { column_id: string } & Anchor) =>
  answer(client.POST("/api/tasks/{id}/move", { params: { path: { id }, header: ifMatch(version) }, body }));

export const deleteTask = (id: string, version: number) =>
  answer(client.DELETE("/api/tasks/{id}", { params: { path: { id }, header: ifMatch(version) } }));

export const restoreTask = (id: string, version: number) =>
  answer(client.POST("/api/tasks/{id}/restore", { params: { path: { id }, header: ifMatch(version) } }));

export const trash = (boardId: string) =>
  answer(client.GET("/api/tasks", { params: { query: { board: boardId, deleted: true, limit: 100 } } }));

export const comments = (id: string, cursor?: string) =>
  answer(client.GET("/api/tasks/{id}/comments", { params: { path: { id }, query: { limit: 200, ...(cursor ? { cursor } : {}) } } }));

export const comment = (id: string, body: string, key: string) =>
  answer(client.POST("/api/tasks/{id}/comments", { params: { path: { id }, header: once(key) }, body: { body } }));
