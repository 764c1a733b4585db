/** The status of an answer that is read to its end: a connection left in the middle of one keeps the next request waiting. */
export async function statusOf(url: string, init?: RequestInit): Promise<number> {
  const response = await fetch(url, init);
  await response.arrayBuffer();
  return response.status;
}
