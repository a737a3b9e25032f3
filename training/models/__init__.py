"""Processes and what they ask of people, courses, sessions, completions."""

from training.models.courses import Course, CourseProcess, Enrolment
from training.models.learning import Completion, Enquiry, LearningImport, Statement, Via
from training.models.processes import GoLive, Impact, Process, ProcessVersion, Reminder
from training.models.quizzes import Attempt, Question, Quiz
from training.models.roles import ChangeStage, RoleProfile, RoleTarget, TeamRating
from training.models.sessions import Booking, Session
from training.models.settings import TrainingSetting

__all__ = [
    "Attempt",
    "Booking",
    "ChangeStage",
    "Completion",
    "Course",
    "CourseProcess",
    "Enquiry",
    "Enrolment",
    "GoLive",
    "Impact",
    "LearningImport",
    "Process",
    "ProcessVersion",
    "Question",
    "Quiz",
    "Reminder",
    "RoleProfile",
    "RoleTarget",
    "Session",
    "Statement",
    "TeamRating",
    "TrainingSetting",
    "Via",
]
