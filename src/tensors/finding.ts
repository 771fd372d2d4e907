/** What trying one backend showed. */
export interface Finding {
  /** `"ok"` proved, `"refused"` there but not used, `"absent"` not on this machine. */
  readonly status: "ok" | "refused" | "absent";
  readonly reason: string;
}
