/** What the exit status of the command says; other programs rely on it. */
export const EXIT = {
  /** Done, with or without findings. */
  done: 0,
  couldNotRun: 1,
  wrongUsage: 2,
  /** Findings at or above `--fail-on`, or problems that the doctor names. */
  findings: 3,
  /** Done, but some input could not be read, or something could not be looked at. */
  someUnreadable: 4,
  interrupted: 130,
} as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];
