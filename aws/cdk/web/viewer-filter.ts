/** By which it says to what comes after it from where a request is; what the viewer wrote there is gone. */
export const VIEWER_HEADER = "x-viewer-address";

/**
 * The source of a CloudFront Function that answers 403 to every viewer outside these IPv4 addresses and ranges, if any are
 * given, and writes down the address of the others. The ranges are reduced to numbers here, since a function has a millisecond
 * at most.
 */
export function viewerFilter(allowed?: readonly string[]): string {
  const everybody = [[0, 0]];
  return `var ranges = ${JSON.stringify(allowed?.map(toRange) ?? everybody)};
function handler(event) {
  event.request.headers['${VIEWER_HEADER}'] = { value: event.viewer.ip };
  var bytes = event.viewer.ip.split('.');
  // An IPv6 viewer has no such address.
  if (bytes.length === 4) {
    var address = (bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3];
    for (var i = 0; i < ranges.length; i++) {
      if ((address & ranges[i][1]) === ranges[i][0]) return event.request;
    }
  }
  return { statusCode: 403, statusDescription: 'Forbidden' };
}
`;
}

/** Network and mask of an address or range, as the signed 32-bit numbers of JavaScript's bit operators. */
export function toRange(text: string): [network: number, mask: number] {
  const [address = "", bits = "32"] = text.split("/");
  const mask = -1 << (32 - Number(bits));
  return [address.split(".").reduce((number, byte) => (number << 8) | Number(byte), 0) & mask, mask];
}
