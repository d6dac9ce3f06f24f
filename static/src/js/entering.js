// The behaviour of the pages on which people enter and arrange much: readers of reports don't load it.
import { arrangeScorecard } from "./arranging/arrange.js";
import { dragAreas, findByTyping, insertSentences } from "./arranging/areas.js";
import { fillInYear } from "./arranging/new_year.js";
import { enterReturn } from "./returns/return.js";

arrangeScorecard(document.querySelector("#arrange"));
fillInYear(document.querySelector("#new-year"));
enterReturn(document.querySelector("#return"));
insertSentences(document.querySelectorAll(".insert-into"));
dragAreas(document.querySelector("#focus-areas"));
findByTyping(document.querySelector(".find-by-typing"));
