export * from "./wdbc/model";
