import { describe, expect, it, vi } from "vitest";
import type { Method } from "../../api/identity";
import { Problem } from "../../api/problem";
import { askOnScreen, confirmed, currentQuestion, Declined, isDeclined, withProof } from "./stepUp";

const wanted = (...methods: Method[]) => new Problem({ status: 403, code: "step_up_required", methods });
const refusesOnce = (problem = wanted("password")) => vi.fn<() => Promise<string>>().mockRejectedValueOnce(problem).mockResolvedValue("done");

describe("a dangerous call", () => {
  it("that is allowed asks nothing", async () => {
    const ask = vi.fn();
    expect(await withProof(() => Promise.resolve("done"), ask)).toBe("done");
    expect(ask).not.toHaveBeenCalled();
  });

  it("is made again after the proof", async () => {
    const call = refusesOnce(wanted("totp", "recovery_code"));
    const ask = vi.fn().mockResolvedValue(true);
    expect(await withProof(call, ask)).toBe("done");
    expect(ask).toHaveBeenCalledExactlyOnceWith(["totp", "recovery_code"]);
    expect(call).toHaveBeenCalledTimes(2);
  });

  it("is not made again when the proof is declined", async () => {
    const call = refusesOnce();
    const declined = await withProof(call, () => Promise.resolve(false)).catch((error: unknown) => error);
    expect(isDeclined(declined)).toBe(true);
    expect(call).toHaveBeenCalledTimes(1);
  });

  it("asks once, even if the service wants more", async () => {
    const ask = vi.fn().mockResolvedValue(true);
    await expect(withProof(() => Promise.reject(wanted("password")), ask)).rejects.toMatchObject({ code: "step_up_required" });
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it("that fails otherwise, before the proof or after, just fails", async () => {
    const other = new Problem({ status: 403, code: "forbidden" });
    const ask = vi.fn().mockResolvedValue(true);
    await expect(withProof(() => Promise.reject(other), ask)).rejects.toBe(other);
    expect(ask).not.toHaveBeenCalled();
    const call = vi.fn().mockRejectedValueOnce(wanted("password")).mockRejectedValueOnce(other);
    await expect(withProof(call, ask)).rejects.toBe(other);
  });

  it("takes the password for granted when no methods are named", async () => {
    const ask = vi.fn().mockResolvedValue(true);
    await withProof(refusesOnce(new Problem({ status: 403, code: "step_up_required" })), ask);
    expect(ask).toHaveBeenCalledWith(["password"]);
  });
});

describe("the question on screen", () => {
  it("is there until it is answered", async () => {
    const answered = askOnScreen(["password"]);
    expect(currentQuestion()?.methods).toEqual(["password"]);
    currentQuestion()?.answer(true);
    expect(await answered).toBe(true);
    expect(currentQuestion()).toBeNull();
  });

  it("is put once for calls that need it at the same time", async () => {
    const calls = [refusesOnce(), refusesOnce()];
    const results = Promise.all(calls.map((call) => confirmed(call)));
    await vi.waitFor(() => expect(currentQuestion()).not.toBeNull());
    currentQuestion()?.answer(true);
    expect(await results).toEqual(["done", "done"]);
    expect(currentQuestion()).toBeNull();
  });

  it("declined fails the call, and the next one asks anew", async () => {
    const first = confirmed(refusesOnce());
    await vi.waitFor(() => expect(currentQuestion()).not.toBeNull());
    currentQuestion()?.answer(false);
    await expect(first).rejects.toBeInstanceOf(Declined);
    const second = confirmed(refusesOnce());
    await vi.waitFor(() => expect(currentQuestion()).not.toBeNull());
    currentQuestion()?.answer(true);
    expect(await second).toBe("done");
  });
});
