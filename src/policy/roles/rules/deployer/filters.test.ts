import { expect, test } from "vitest";
import { ownFilters } from "./filters.ts";

test.each([
  ["no filters", "", {}],
  ["a list", '{"label":["a=b"]}', { label: { "a=b": true } }],
  [
    "a map",
    '{"label":{"a=b":true},"status":{"exited":true}}',
    { label: { "a=b": true }, status: { exited: true } },
  ],
])(
  "the engine itself lists the owner's containers only, which others cannot make large (%s)",
  (_what, asked, kept) => {
    const filters = ownFilters(asked, "me");
    const { label = {}, ...others } = kept as Record<string, object>;
    expect("text" in filters && JSON.parse(filters.text)).toEqual({
      ...others,
      label: { ...label, "io.tetherdock.owner=me": true },
    });
  },
);

test.each([
  ['{"since":["x"]}'],
  ['{"before":{"x":true}}'],
  ['{"label":"a"}'],
  ['{"label":[1]}'],
  ['{"label":{"a":"b"}}'],
  ['{"label":["a"],"label":["b"]}'],
  ["[]"],
  ["{"],
])("%s is refused", (filters) => {
  expect(ownFilters(filters, "me")).toMatchObject({
    check: "filters",
    refuse: expect.stringMatching(/^the filters .+\(check filters\)$/),
  });
});
