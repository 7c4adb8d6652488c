/** What runs at set times. */

/** Whether the IANA database has a time zone of that name, as far as this Node knows it. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
