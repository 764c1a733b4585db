import { createServer } from "node:http";
import { FEATURE_KEYS } from "../../../tables/current";
import { predictAll } from "../../model";

/**
 * Stands in for API Gateway and what lies behind it, as the original's client saw them: POST
 * `{"data": "17.99, 10.38, ..."}`, answered by "M" or "B". Environment: PORT.
 */

createServer(async (incoming, response) => {
  let body = "";
  for await (const chunk of incoming.setEncoding("utf8")) body += chunk;
  const values = (JSON.parse(body || '{"data":""}') as { data: string }).data.split(",").map(Number);
  if (values.length !== FEATURE_KEYS.length) {
    response.statusCode = 400;
    response.end('"30 numbers wanted"');
    return;
  }
  const [prediction] = await predictAll([values]);
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify(prediction?.diagnosis));
}).listen(Number(process.env.PORT), "127.0.0.1");
