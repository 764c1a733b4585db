export * from "./wdbc/index";
