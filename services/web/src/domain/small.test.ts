import { describe, expect, it } from "vitest";
import type { Card, Role } from "../api/types";
import { condense, diffLines } from "./diff";
import { isActive, matcher, NOBODY } from "./filter";
import { assignHues, hue, hueOf, initials } from "./person";
import { canBeInCharge, may, type Operation } from "./policy";

const card = (title: string, pic_id: string | null = null, labels: string[] = []): Card => ({
  id: title, column_id: "c", rank: "a", title, pic_id, deadline: null, priority: "none", labels, version: 1, comments: 0, has_description: false,
});

describe("the filter", () => {
  it("finds every word anywhere in title and labels, whatever case and composition", () => {
    const shown = matcher({ text: "  전시 PRINT ", pics: [] });
    expect(shown(card("가을 전시 준비", null, ["print"]))).toBe(true);
    expect(shown(card("가을 전시 준비".normalize("NFD"), null, ["Print"]))).toBe(true);
    expect(shown(card("가을 전시 준비"))).toBe(false);
  });

  it("finds part of a Korean word", () => {
    expect(matcher({ text: "시안", pics: [] })(card("표지시안 두 가지"))).toBe(true);
  });

  it("knows who is in charge, and who is nobody", () => {
    const shown = matcher({ text: "", pics: ["p", NOBODY] });
    expect([card("a", "p"), card("b", "q"), card("c")].map(shown)).toEqual([true, false, true]);
  });

  it("is active only when it says something", () => {
    expect(isActive({ text: "  ", pics: [] })).toBe(false);
    expect(isActive({ text: "", pics: ["p"] })).toBe(true);
  });
});

describe("policy", () => {
  const table: [Operation, string][] = [
    ["board.create", "as"], ["board.edit", "as"], ["board.delete", "as"], ["column.edit", "as"], ["task.create", "as"],
    ["task.edit", "as"], ["task.delete", "as"], ["task.move", "as+"], ["task.pic", "as+"], ["members.manage", "a"], ["workspace.manage", "a"],
  ];
  it.each(table)("%s", (operation, roles) => {
    const allowed = (role: Role, own: boolean) => may(role, operation, own);
    for (const own of [true, false]) {
      expect(allowed("admin", own)).toBe(true);
      expect(allowed("supervisor", own)).toBe(roles.includes("s"));
      expect(allowed("pic", own)).toBe(own && roles.includes("+"));
      expect(allowed("observer", own)).toBe(false);
    }
  });

  it("lets everyone but observers be in charge", () => {
    expect((["admin", "supervisor", "pic", "observer"] as const).filter((role) => canBeInCharge({ role, kind: "person" }))).toEqual(["admin", "supervisor", "pic"]);
    expect(canBeInCharge({ role: "pic", kind: "service" })).toBe(false);
  });
});

describe("a person in small", () => {
  it.each([["김민서", "민서"], ["남궁 은하", "은하"], ["Dana Weber", "DW"], ["Cher", "CH"], ["  ", "?"], ["Ada M. Lovelace", "AL"]])("%s is %s", (name, short) => {
    expect(initials(name)).toBe(short);
  });

  it("shares a hue with nobody while there are eight or fewer", () => {
    const ids = Array.from({ length: 12 }, (_, i) => `0190-${i}`);
    assignHues(ids);
    expect(new Set(ids.slice(0, 8).map(hueOf)).size).toBe(8);
    const first = ids.map(hueOf);
    assignHues(ids);
    expect(ids.map(hueOf)).toEqual(first);
    expect(hueOf("a stranger")).toBe(hue("a stranger"));
  });

  it("keeps one of eight hues", () => {
    const seen = Array.from({ length: 200 }, (_, i) => hue(`person ${i}`));
    expect(new Set(seen)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]));
    expect(hue("x")).toBe(hue("x"));
  });
});

describe("line differences", () => {
  it("tell what went and what came", () => {
    expect(diffLines("a\nb\nc", "a\nx\nc")).toEqual([
      { kind: "same", text: "a" }, { kind: "gone", text: "b" }, { kind: "new", text: "x" }, { kind: "same", text: "c" },
    ]);
  });

  it("rebuild both texts", () => {
    const [before, after] = ["one\ntwo\nthree\n\nfour", "zero\none\nthree\nfour\nfive"];
    const lines = diffLines(before, after);
    expect(lines.filter((line) => line.kind !== "new").map((line) => line.text).join("\n")).toBe(before);
    expect(lines.filter((line) => line.kind !== "gone").map((line) => line.text).join("\n")).toBe(after);
  });

  it("begin from nothing", () => {
    expect(diffLines("", "a")).toEqual([{ kind: "new", text: "a" }]);
  });

  it("stay quick with huge texts", () => {
    const huge = Array.from({ length: 3000 }, (_, i) => String(i)).join("\n");
    expect(diffLines(huge, `${huge}\nend`)).toHaveLength(6001);
  });

  it("leave out what is far from any change", () => {
    const text = Array.from({ length: 30 }, (_, i) => String(i)).join("\n");
    const short = condense(diffLines(text, `${text}\nend`));
    expect(short[0]).toBeNull();
    expect(short).toHaveLength(4);
  });
});
