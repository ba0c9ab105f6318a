/** What the app keeps of the services' answers, and under which key. */
import { QueryClient, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import * as auth from "../api/auth";
import * as notify from "../api/notices";
import type { LogFilter } from "../api/notices";
import { workspaces } from "../api/identity";
import { isProblem } from "../api/problem";
import { onMove } from "../api/session";
import * as tasks from "../api/tasks";
import type { Column, Member, Page, Task } from "../api/types";
import { assignHues } from "../domain/person";
import { boardState, mergeColumns, mergeTask, type BoardState } from "../domain/board";
import { adoptPictures } from "./pictures";

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // A refusal stays a refusal; only silence and overload are worth asking again.
      retry: (failures, error) => failures < 2 && (!isProblem(error) || error.status === 0 || error.status >= 500),
    },
    mutations: { retry: false },
  },
});

// Everything kept is one workspace's.
onMove(() => queries.clear());

export const keys = {
  boards: ["boards"] as const,
  deletedBoards: ["boards", "deleted"] as const,
  board: (id: string) => ["board", id] as const,
  task: (id: string) => ["task", id] as const,
  comments: (id: string) => ["comments", id] as const,
  history: (id: string) => ["history", id] as const,
  trash: (board: string) => ["trash", board] as const,
  members: ["members"] as const,
  invitations: ["invitations"] as const,
  notices: ["notices"] as const,
  unread: ["unread"] as const,
  preferences: ["preferences"] as const,
  mfa: ["mfa"] as const,
  sessions: ["sessions"] as const,
  signInOptions: ["sign-in-options"] as const,
  identities: ["identities"] as const,
  tokens: ["tokens"] as const,
  workspace: ["workspace"] as const,
  serviceAccounts: ["service-accounts"] as const,
  workspaces: ["workspaces"] as const,
  securityLog: (filter: LogFilter) => ["security-log", filter.kind ?? null, filter.account ?? null] as const,
  mailbox: ["mailbox"] as const,
  mail: (id: string) => ["mailbox", id] as const,
};

/** Every page of a list that is short by nature (people, boards, tokens). */
export async function all<T>(page: (cursor?: string) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const { items: more, next } = await page(cursor);
    items.push(...more);
    cursor = next ?? undefined;
  } while (cursor !== undefined);
  return items;
}

export const useBoards = () => useQuery({ queryKey: keys.boards, queryFn: () => all(tasks.boards) });

export const useBoard = (id: string) =>
  useQuery({
    queryKey: keys.board(id),
    queryFn: async ({ signal }) => boardState(await tasks.board(id, signal)),
    // The feed keeps it fresh from here on; a Map is not for structural comparison.
    staleTime: Infinity,
    gcTime: 60_000,
    refetchOnMount: "always",
    structuralSharing: false,
  });

export const useTask = (id: string) => useQuery({ queryKey: keys.task(id), queryFn: () => tasks.task(id), staleTime: 0 });

export const useUnread = () =>
  useQuery({ queryKey: keys.unread, queryFn: notify.unreadCount, refetchInterval: 20_000, select: (answer) => answer.count });

export const useWorkspaces = () =>
  useQuery({ queryKey: keys.workspaces, queryFn: workspaces, staleTime: 60_000, select: (answer) => answer.items });

export function useMembers() {
  return useQuery({
    queryKey: keys.members,
    queryFn: async () => {
      const list = await all(auth.members);
      assignHues([...list].sort((a, b) => (a.joined_at < b.joined_at ? -1 : 1)).map((member) => member.id));
      adoptPictures(list);
      return list;
    },
    staleTime: 60_000,
  });
}

export interface People {
  list: readonly Member[];
  get: (id: string | null) => Member | null;
}

const NO_ONE: readonly Member[] = [];

/** The workspace's people by id. Someone who has left is unknown, and shown as such. */
export function usePeople(): People {
  const list = useMembers().data ?? NO_ONE;
  return useMemo(() => {
    const byId = new Map(list.map((member) => [member.id, member]));
    return { list, get: (id) => (id === null ? null : (byId.get(id) ?? null)) };
  }, [list]);
}

/** Takes over a task the server just told: in its panel, on its board, and whatever hangs on its version. */
export function adoptTask(task: Task): void {
  queries.setQueryData<Task>(keys.task(task.id), (known) => (known && known.version > task.version ? known : task));
  queries.setQueryData<BoardState>(keys.board(task.board_id), (state) => state && mergeTask(state, task));
  void queries.invalidateQueries({ queryKey: keys.history(task.id) });
}

/** The same for a column; null when it is gone. */
export function adoptColumn(board: string, id: string, column: Column | null): void {
  queries.setQueryData<BoardState>(keys.board(board), (state) => state && mergeColumns(state, id, column));
}
