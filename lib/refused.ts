/** What an answer begins with by which the server refuses a request for its host or origin; forms know it by that. */
export const REFUSED = "The server refused this request: ";
