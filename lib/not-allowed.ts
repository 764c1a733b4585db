/** What somebody is told who may not do what they ask for, by the permission that they lack. */
export const NOT_ALLOWED = {
  read: "You may not look at this history. Ask an administrator of your team.",
  predict: "You may look at this history, but not change it. Ask an administrator of your team.",
  administer: "This is for an administrator of your team.",
} as const;
