import { expect, test, vi } from "vitest";
import { Cuts } from "./cuts.ts";

const session = (id: string) => ({ id, target: "/events" });
type Session = ReturnType<typeof session>;

/** A change of the list that cuts these connections of vera's, and one of anna's. */
const cutting =
  (cuts: Cuts<Session>, ...ids: string[]) =>
  async () => {
    for (const id of ids) cuts.tell("vera", () => session(id));
    cuts.tell("anna", () => session("x"));
    return "done";
  };

test("the receipt has the client's own connections, and comes when the last of them is closed", async () => {
  const cuts = new Cuts<Session>();
  let isOver = false;
  const during = cuts.during("vera", cutting(cuts, "1", "2")).finally(() => {
    isOver = true;
  });
  await Promise.resolve();
  cuts.closed("1");
  cuts.closed("x");
  await new Promise(setImmediate);
  expect(isOver).toBe(false);
  cuts.closed("2");
  expect(await during).toEqual({ result: "done", receipt: { cut: [session("1"), session("2")], open: 0 } });
});

test("a change that cuts nothing has an empty receipt at once", async () => {
  const cuts = new Cuts<Session>();
  expect(await cuts.during("vera", cutting(cuts))).toEqual({ result: "done", receipt: { cut: [], open: 0 } });
});

test("what closes already while the change is still being made is closed", async () => {
  const cuts = new Cuts<Session>();
  const change = async () => {
    await cutting(cuts, "1")();
    cuts.closed("1");
  };
  expect((await cuts.during("vera", change)).receipt.open).toBe(0);
});

test("after two seconds it says how many are still open", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  try {
    const cuts = new Cuts<Session>();
    const during = cuts.during("vera", cutting(cuts, "1", "2"));
    await Promise.resolve();
    cuts.closed("2");
    await vi.advanceTimersByTimeAsync(2_000);
    expect((await during).receipt).toMatchObject({ cut: [{ id: "1" }, { id: "2" }], open: 1 });
  } finally {
    vi.useRealTimers();
  }
});

test("nothing is kept, and no session is made, when no change is being made, or after one that failed", async () => {
  const cuts = new Cuts<Session>();
  await expect(cuts.during("vera", () => Promise.reject(new Error("disk full")))).rejects.toThrow(
    "disk full",
  );
  const make = vi.fn(() => session("1"));
  cuts.tell("vera", make);
  expect(make).not.toHaveBeenCalled();
});

test("a connection that is cut twice is on the receipt once, also if it has closed in between", async () => {
  const cuts = new Cuts<Session>();
  const change = async () => {
    await cutting(cuts, "1")();
    cuts.closed("1");
    await cutting(cuts, "1", "2", "2")();
    cuts.closed("2");
  };
  const { receipt } = await cuts.during("vera", change);
  expect(receipt).toEqual({ cut: [session("1"), session("2")], open: 0 });
});
