import { describe, expect, it, vi } from "vitest";
import { Patience } from "../../toolchain/plugins/patience";

const refused = new Error("refused");
const never = new AbortController().signal;
const patience = (limit: number) => new Patience(limit, (error) => error === refused);

/** Fails some times, then answers. */
function attempts(failures: number, error = refused) {
  return vi.fn(() => (failures-- > 0 ? Promise.reject(error) : Promise.resolve("answer")));
}

describe("Patience", () => {
  it("tries until there is an answer", async () => {
    const attempt = attempts(2);
    expect(await patience(60_000).until(never, attempt)).toBe("answer");
    expect(attempt).toHaveBeenCalledTimes(3);
  });

  it("does not try again what cannot pass", async () => {
    const attempt = attempts(1, new Error("no"));
    await expect(patience(60_000).until(never, attempt)).rejects.toThrow("no");
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  it("is spent once for an outage, and back after it", async () => {
    const spent = patience(300);
    const first = attempts(Infinity);
    await expect(spent.until(never, first)).rejects.toBe(refused);
    expect(first.mock.calls.length).toBeGreaterThan(1);
    const second = attempts(Infinity);
    await expect(spent.until(never, second)).rejects.toBe(refused);
    expect(second).toHaveBeenCalledTimes(1);
    await spent.until(never, attempts(0));
    expect(await spent.until(never, attempts(1))).toBe("answer");
  });

  it("ends when it is told to", async () => {
    const controller = new AbortController();
    const waiting = patience(60_000).until(controller.signal, attempts(Infinity));
    controller.abort(new Error("cancelled"));
    await expect(waiting).rejects.toThrow(/cancelled|aborted/);
  });
});
