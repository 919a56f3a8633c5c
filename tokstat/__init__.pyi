# The public names, one a line: type checkers read this file, and `__getattr__` beside it.

from tokstat import plots as plots
from tokstat.api.comparison import compare as compare
from tokstat.api.corpus import measure_corpus as measure_corpus
from tokstat.api.difference import diff as diff
from tokstat.api.difference import lock as lock
from tokstat.api.editing import read_ladder as read_ladder
from tokstat.api.editing import read_ladders as read_ladders
from tokstat.api.editing import repair as repair
from tokstat.api.editing import smallest_fix as smallest_fix
from tokstat.api.editing import whatif as whatif
from tokstat.api.encoding import decode_ids as decode_ids
from tokstat.api.encoding import encode as encode
from tokstat.api.encoding import encode_chat as encode_chat
from tokstat.api.encoding import explain_splits as explain_splits
from tokstat.api.encoding import replay_steps as replay_steps
from tokstat.api.experiments import distill as distill
from tokstat.api.experiments import link_study as link_study
from tokstat.api.experiments import read_study as read_study
from tokstat.api.experiments import run_study as run_study
from tokstat.api.explanation import explain as explain
from tokstat.api.gate import check as check
from tokstat.api.gate import make_policy as make_policy
from tokstat.api.grid import read_grid as read_grid
from tokstat.api.grid import run_grid as run_grid
from tokstat.api.inspection import inspect as inspect
from tokstat.api.inspection import make_subject as make_subject
from tokstat.api.loading import load as load
from tokstat.api.morphology import list_segmentations as list_segmentations
from tokstat.api.morphology import morphology as morphology
from tokstat.api.ranking import rank as rank
from tokstat.api.reports import load_report as load_report
from tokstat.api.reports import load_result as load_result
from tokstat.api.reports import render_report as render_report
from tokstat.api.tokens import select_tokens as select_tokens
from tokstat.api.wordsim import evaluate_wordsim as evaluate_wordsim
from tokstat.api.wordsim import fetch_data as fetch_data
from tokstat.api.wordsim import link_published as link_published
from tokstat.api.wordsim import list_data as list_data
from tokstat.comparison.comparison import Comparison as Comparison
from tokstat.comparison.difference import Difference as Difference
from tokstat.corpus.reading.documents import Reading as Reading
from tokstat.errors import TokstatError as TokstatError
from tokstat.gate.lock import Lock as Lock
from tokstat.results.report import Report as Report
from tokstat.splitting.side_by_side import TextSplits as TextSplits
from tokstat.splitting.split import TextSplit as TextSplit
from tokstat.tokenizer.tokenizer import Tokenizer as Tokenizer
from tokstat.tokenizer.vocabulary import Token as Token
from tokstat.tokenizer.vocabulary import Vocabulary as Vocabulary

__version__: str
__all__: list[str]
