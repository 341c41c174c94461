export { answers, MOST_ANSWER, openAnswer, refuseAnswer, type Said, sealAnswer } from "./answer.ts";
export {
  judgeQuestion,
  type MadeQuestion,
  MOST_QUESTION,
  makeQuestion,
  QUESTION_MS,
  type Question,
} from "./question.ts";
