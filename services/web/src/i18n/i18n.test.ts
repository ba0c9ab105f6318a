import { describe, expect, it } from "vitest";
import { en } from "./en";
import { josa } from "./josa";
import { ko } from "./ko";

type Leaf = string | ((...args: never[]) => string);

function leaves(node: unknown, path = ""): [string, Leaf][] {
  if (typeof node === "string" || typeof node === "function") return [[path, node as Leaf]];
  return Object.entries(node as object).flatMap(([key, value]) => leaves(value, path === "" ? key : `${path}.${key}`));
}

const say = (leaf: Leaf): string =>
  typeof leaf === "string" ? leaf : String((leaf as (...args: unknown[]) => unknown)(...Array.from({ length: leaf.length }, () => 2)));
/** Josa wants words; numbers would do nothing. */
const sayWords = (leaf: Leaf): string =>
  typeof leaf === "string" ? leaf : (leaf as (...args: unknown[]) => string)(...Array.from({ length: leaf.length }, () => "보드"));

describe("dictionaries", () => {
  it("have the same keys in both languages", () => {
    expect(leaves(ko).map(([path]) => path).sort()).toEqual(leaves(en).map(([path]) => path).sort());
  });

  it("say something under every key", () => {
    expect(leaves(en).filter(([, leaf]) => say(leaf).trim() === "").map(([path]) => path)).toEqual([]);
    expect(leaves(ko).filter(([, leaf]) => sayWords(leaf).trim() === "").map(([path]) => path)).toEqual([]);
  });

  it("are in Korean where they are Korean", () => {
    const neutral = new Set(["app.name", "history.other", "board.addHint"]);
    const foreign = leaves(ko).filter(([path, leaf]) => !neutral.has(path) && !/[가-힣]/.test(sayWords(leaf)));
    expect(foreign).toEqual([]);
  });

  it("count in English", () => {
    expect(en.board.comments(1)).toBe("1 comment");
    expect(en.board.comments(1200)).toBe("1,200 comments");
  });
});

describe("particles", () => {
  it.each([
    ["보드", "보드를"], ["일정", "일정을"], ["Onus 7", "Onus 7을"], ["Onus 2", "Onus 2를"], ["email", "email을"], ["“제목”", "“제목”을"], ["!?", "!?를"],
  ])("%s takes its own", (word, expected) => {
    expect(josa(word, "을", "를")).toBe(expected);
  });
});
