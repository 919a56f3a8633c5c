"""One function a job, for the command line, notebooks and scripts alike."""

from tokstat.render import mimebundle
from tokstat.results.report import Report

Report.mimebundle = mimebundle
