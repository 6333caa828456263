// Starts the page's behaviour. Everything works without it; this makes it quicker.
import { listenForDialogs } from "./dialog.js";
import { listenForErrors } from "./errors.js";
import { listenForKeys } from "./keys.js";
import { listenForPeek } from "./peek.js";
import { listenForRoving } from "./roving.js";
import { listenForToasts } from "./toast.js";

document.documentElement.classList.add("js");
listenForDialogs();
listenForKeys();
listenForPeek();
listenForRoving();
listenForErrors();
listenForToasts();
