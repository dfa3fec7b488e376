import { COMMAND } from "./command";
import { HANDLERS } from "./handlers";
import { PARSERS } from "./parsers";
import type { Target } from "./target";

export const SUITES: Readonly<Record<string, readonly Target[]>> = {
  parsers: PARSERS,
  handlers: HANDLERS,
  command: COMMAND,
};
