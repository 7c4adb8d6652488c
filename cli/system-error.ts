/** What the system refuses, in words. */

/** An error of a system call. */
export interface SystemError extends NodeJS.ErrnoException {
  readonly syscall: string;
  /** Where it was meant to lead to, for calls that take two paths. */
  readonly dest?: string;
}

export const isSystemError = (error: unknown): error is SystemError =>
  error instanceof Error && "syscall" in error;

/** What could not be done to a path, by the system call. */
const DEEDS: Readonly<Record<string, string>> = {
  chmod: "written",
  mkdir: "made",
  open: "opened",
  read: "read",
  rename: "written",
  rmdir: "removed",
  scandir: "read",
  unlink: "removed",
  write: "written",
};

/** `specs/acme.yaml can't be opened: permission denied`. */
export function describeSystemError({ message, syscall, path, dest }: SystemError): string {
  const deed = DEEDS[syscall];
  // The words between the code and the call: `EACCES: permission denied, open 'specs/acme.yaml'`.
  const [, reason] = /^[A-Z0-9]+: (.*), [a-z]/.exec(message) ?? [];
  const place = dest ?? path;
  return deed && reason && place ? `${place} can't be ${deed}: ${reason}` : message;
}

/** What is wrong where something was printed. */
export const outputTrouble = (error: NodeJS.ErrnoException): string =>
  isSystemError(error)
    ? describeSystemError({ ...error, message: error.message, path: OUTPUT })
    : error.message;
const OUTPUT = "standard output";
