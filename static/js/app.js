// Starts the page's behaviour. Everything works without it; this makes it quicker.
import { listenForErrors } from "./errors.js";
import { listenForKeys } from "./keys.js";
import { listenForToasts } from "./toast.js";

document.documentElement.classList.add("js");
listenForKeys();
listenForErrors();
listenForToasts();
