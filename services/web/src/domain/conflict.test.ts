import { describe, expect, it } from "vitest";
import type { Task } from "../api/types";
import { collisions, needsDecision, resolve, snapshot, untouched, type Draft } from "./conflict";

const task: Task = {
  id: "t", board_id: "b", column_id: "c", status: "todo", rank: "a", title: "Title", description: "Text", pic_id: null, deadline: "2026-11-21T09:00:00Z",
  deadline_zone: "Asia/Seoul", priority: "none", labels: ["a"], version: 3, created_by: "p", created_at: "", updated_at: "", deleted_at: null,
};
const draft = (mine: Draft["mine"], current: Partial<Task>, fields: string[]): Draft => ({
  task: "t", version: 3, base: snapshot(task), mine, refused: { current: { ...task, version: 5, ...current }, fields },
});

describe("collisions", () => {
  it("are the fields the server named and both sides changed differently", () => {
    const both = draft({ title: "Mine", description: "Also mine" }, { title: "Theirs", description: "Text" }, ["title"]);
    expect(collisions(both)).toEqual([{ field: "title", base: "Title", mine: "Mine", theirs: "Theirs" }]);
  });

  it("are none when both wrote the same", () => {
    expect(needsDecision(draft({ title: "Same" }, { title: "Same" }, ["title"]))).toBe(false);
    expect(needsDecision(draft({ labels: ["a", "b"] }, { labels: ["a", "b"] }, ["labels"]))).toBe(false);
    expect(needsDecision(draft({ deadline: "2026-11-22T00:00:00Z" }, { deadline: "2026-11-22T00:00:00.000+00:00" }, ["deadline"]))).toBe(false);
  });

  it("are found by comparing when the server names none", () => {
    expect(collisions(draft({ title: "Mine", priority: "high" }, { title: "Theirs" }, [])).map((each) => each.field)).toEqual(["title"]);
  });

  it("hold cleared fields too", () => {
    expect(collisions(draft({ pic_id: null }, { pic_id: "someone" }, ["pic_id"]))[0]).toMatchObject({ mine: null, theirs: "someone" });
  });

  it("are none before a refusal", () => {
    expect(collisions({ task: "t", version: 3, base: snapshot(task), mine: { title: "Mine" } })).toEqual([]);
  });
});

describe("resolving", () => {
  const both = draft({ title: "Mine", description: "My text", deadline: "2026-12-01T00:00:00Z", deadline_zone: "Asia/Seoul" },
    { title: "Theirs", description: "Their text", deadline: "2026-12-24T00:00:00Z" }, ["title", "description", "deadline"]);

  it("keeps mine unless told otherwise", () => {
    expect(resolve(both, {})).toEqual(both.mine);
  });

  it("drops what is theirs, the zone with its deadline", () => {
    expect(resolve(both, { title: "theirs", deadline: "theirs" })).toEqual({ description: "My text" });
    expect(resolve(both, { title: "theirs", description: "theirs", deadline: "theirs" })).toEqual({});
  });

  it("takes a text written from both", () => {
    expect(resolve(both, { title: { merged: "Ours" } }).title).toBe("Ours");
  });

  it("sends nothing that already stands", () => {
    expect(resolve(both, { title: { merged: "Theirs" } })).not.toHaveProperty("title");
  });

  it("keeps what did not collide", () => {
    expect(resolve(draft({ title: "Mine", priority: "high" }, { title: "Theirs" }, ["title"]), { title: "theirs" })).toEqual({ priority: "high" });
  });
});

describe("an edit of what changed meanwhile", () => {
  const seen = { name: "Ada", language: "en", picture: null as string | null, version: 1 };

  it("can be made all the same where something else changed", () => {
    expect(untouched(seen, { ...seen, picture: "a0b1", version: 2 }, { name: "Ada L." })).toBe(true);
  });

  it("cannot where the very field did, not even to the same", () => {
    const current = { ...seen, name: "Ada K.", version: 2 };
    expect(untouched(seen, current, { name: "Ada L." })).toBe(false);
    expect(untouched(seen, current, { language: "ko", name: "Ada K." })).toBe(false);
    expect(untouched(seen, current, { language: "ko" })).toBe(true);
  });
});
