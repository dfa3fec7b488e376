/** A few inputs for each target, so that they are known to run; `npm run fuzz` gives them thousands. */
import { HANDLERS } from "./handlers";
import { PARSERS } from "./parsers";

test.each([...PARSERS, ...HANDLERS].map((target) => [target.name, target] as const))(
  "%s",
  async (_, target) => {
    expect(await target.check(7, 20)).toMatchObject({ failure: null });
  },
);
