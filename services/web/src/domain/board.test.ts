import { describe, expect, it } from "vitest";
import type { Board, Card, FeedItem, Task } from "../api/types";
import { anchorAt, boardState, byRank, lanes, mergeChanges, mergeColumns, mergeTask, place } from "./board";

const card = (id: string, column_id: string, rank: string, version = 1): Card => ({
  id, column_id, rank, version, title: id, pic_id: null, deadline: null, priority: "none", labels: [], comments: 0, has_description: false,
});
const board = (...cards: Card[]): Board => ({
  id: "b", name: "Board", version: 1, position: 10,
  columns: [
    { id: "doing", name: "Doing", status: "doing", rank: "b", version: 1 },
    { id: "todo", name: "To do", status: "todo", rank: "a", version: 1 },
  ],
  cards,
});
const told = (position: number, fields: Partial<FeedItem> & { id: string; version: number }): FeedItem =>
  ({ position, kind: "task", actor_id: null, change: "edited", ...fields });
const ids = (list: readonly { id: string }[] | undefined) => list?.map((each) => each.id);
const state = () => boardState(board(card("1", "todo", "a"), card("2", "todo", "b"), card("3", "doing", "a")));

describe("order", () => {
  it("is by code unit, never by locale, and by id where ranks are equal", () => {
    const list = [card("x", "", "a"), card("y", "", "Z"), card("b", "", "0"), card("a", "", "0")];
    expect(ids([...list].sort(byRank))).toEqual(["a", "b", "y", "x"]);
  });

  it("puts columns and their cards by rank", () => {
    const now = boardState(board(card("2", "todo", "b"), card("1", "todo", "a")));
    expect(ids(now.columns)).toEqual(["todo", "doing"]);
    expect(ids(lanes(now).get("todo"))).toEqual(["1", "2"]);
  });

  it("places beside the anchor, and at the end without one or when it is gone", () => {
    const list = [{ id: "1" }, { id: "2" }, { id: "3" }];
    expect(ids(place(list, { id: "3" }, { before: "1" }))).toEqual(["3", "1", "2"]);
    expect(ids(place(list, { id: "1" }, { after: "2" }))).toEqual(["2", "1", "3"]);
    expect(ids(place(list, { id: "1" }, {}))).toEqual(["2", "3", "1"]);
    expect(ids(place(list, { id: "n" }, { before: "gone" }))).toEqual(["1", "2", "3", "n"]);
  });

  it("names a place by its neighbours, so that placing there gives that index", () => {
    const rest = [{ id: "1" }, { id: "2" }];
    for (const index of [0, 1, 2]) {
      expect(place(rest, { id: "n" }, anchorAt(rest, index)).findIndex((each) => each.id === "n")).toBe(index);
    }
    expect(anchorAt([], 0)).toEqual({});
  });
});

describe("pending moves", () => {
  it("show at once and vanish with the wish, the board itself untouched", () => {
    const now = state();
    const moved = lanes(now, [{ id: "1", column_id: "doing", anchor: { after: "3" } }]);
    expect(ids(moved.get("todo"))).toEqual(["2"]);
    expect(ids(moved.get("doing"))).toEqual(["3", "1"]);
    expect(moved.get("doing")?.[1]?.column_id).toBe("doing");
    expect(ids(lanes(now).get("todo"))).toEqual(["1", "2"]);
  });

  it("build on each other in order", () => {
    const moved = lanes(state(), [
      { id: "1", column_id: "doing", anchor: {} },
      { id: "1", column_id: "doing", anchor: { before: "3" } },
    ]);
    expect(ids(moved.get("doing"))).toEqual(["1", "3"]);
  });

  it("of a card or column that is gone are nothing", () => {
    const now = state();
    expect(lanes(now, [{ id: "no", column_id: "doing", anchor: {} }])).toEqual(lanes(now));
    expect(lanes(now, [{ id: "1", column_id: "no", anchor: {} }])).toEqual(lanes(now));
  });
});

describe("the change feed", () => {
  it("brings new, changed and deleted cards, and the position", () => {
    const now = mergeChanges(state(), {
      position: 14,
      items: [
        told(11, { id: "4", version: 1, card: card("4", "doing", "b") }),
        told(12, { id: "1", version: 2, card: { ...card("1", "doing", "c", 2), title: "new" } }),
        told(14, { id: "2", version: 2, card: null }),
      ],
    });
    expect(now.position).toBe(14);
    expect(now.cards.get("1")?.title).toBe("new");
    expect(now.cards.has("2")).toBe(false);
    expect(ids(lanes(now).get("doing"))).toEqual(["3", "4", "1"]);
  });

  it("changes nothing with what is known already", () => {
    const before = mergeTask(state(), task("1", 5));
    const after = mergeChanges(before, { position: 11, items: [told(11, { id: "1", version: 3, card: card("1", "doing", "x", 3) })] });
    expect(after.cards.get("1")?.version).toBe(5);
    expect(mergeChanges(after, { position: 11, items: [told(9, { id: "3", version: 9, card: null })] })).toBe(after);
  });

  it("is not undone by a late answer about a card it deleted", () => {
    const deleted = mergeChanges(state(), { position: 11, items: [told(11, { id: "1", version: 4, card: null })] });
    expect(mergeTask(deleted, task("1", 3)).cards.has("1")).toBe(false);
    expect(mergeTask(deleted, task("1", 5)).cards.has("1")).toBe(true);
  });

  it("carries columns and the board's own name", () => {
    const now = mergeChanges(state(), {
      position: 13,
      items: [
        { ...told(11, { id: "todo", version: 2 }), kind: "column", column: { id: "todo", name: "Later", status: "todo", rank: "z", version: 2 } },
        { ...told(12, { id: "b", version: 2 }), kind: "board", board: { id: "b", name: "Renamed", version: 2 } },
        { ...told(13, { id: "x", version: 1 }), kind: "something new" },
      ],
    });
    expect(ids(now.columns)).toEqual(["doing", "todo"]);
    expect(now.name).toBe("Renamed");
    const gone = mergeChanges(now, { position: 14, items: [{ ...told(14, { id: "b", version: 3 }), kind: "board", board: null }] });
    expect(gone.deleted).toBe(true);
  });

  it("leaves the earlier state as it was", () => {
    const before = state();
    mergeChanges(before, { position: 11, items: [told(11, { id: "1", version: 2, card: null })] });
    expect(before.cards.has("1")).toBe(true);
  });
});

describe("answers to own writes", () => {
  it("keep the comment count, and take a deleted task off the board", () => {
    const now = boardState(board({ ...card("1", "todo", "a"), comments: 3 }));
    expect(mergeTask(now, task("1", 2)).cards.get("1")).toMatchObject({ comments: 3, has_description: true });
    expect(mergeTask(now, { ...task("1", 2), deleted_at: "2026-01-01T00:00:00Z" }).cards.has("1")).toBe(false);
  });

  it("change columns", () => {
    const now = mergeColumns(state(), "todo", null);
    expect(ids(now.columns)).toEqual(["doing"]);
  });
});

function task(id: string, version: number): Task {
  return {
    id, version, board_id: "b", column_id: "todo", status: "todo", rank: "a", title: id, description: "text", pic_id: null, deadline: null,
    deadline_zone: null, priority: "none", labels: [], created_by: "p", created_at: "", updated_at: "", deleted_at: null,
  };
}
