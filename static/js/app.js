// Starts the page's behaviour. Everything works without it; this makes it quicker.
import { listenForCheckAll } from "./check_all.js";
import { listenForDialogs } from "./dialog.js";
import { listenForErrors } from "./errors.js";
import { listenForHelp } from "./help.js";
import { listenForKeys } from "./keys.js";
import { sendOnce } from "./once.js";
import { listenForPalette } from "./palette.js";
import { listenForPeek } from "./peek.js";
import { keepPlace } from "./place.js";
import { listenForRoving } from "./roving.js";
import { listenForToasts } from "./toast.js";
import { tellTyping } from "./typing.js";

document.documentElement.classList.add("js");
listenForCheckAll();
listenForDialogs();
listenForErrors();
listenForHelp();
listenForKeys();
listenForPalette();
listenForPeek();
listenForRoving();
listenForToasts();
sendOnce();
tellTyping();
keepPlace();
