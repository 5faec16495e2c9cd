"""The operations that no served graph may reach: they touch files, call out or run other code."""

import re

READ_TABLE = frozenset({"InitializeTableFromTextFile", "InitializeTableFromTextFileV2"})
RESTORE = frozenset({"Restore", "RestoreSlice", "RestoreV2"})

_FILES = """
    ReadFile WriteFile MatchingFiles ImmutableConst RecordInput FileSystemSetConfiguration
    WholeFileReader TextLineReader FixedLengthRecordReader TFRecordReader LMDBReader
    GenerateVocabRemapping InitializeTableFromTextFile
    CreateSummaryFileWriter CreateSummaryDbWriter
""".split()
_CHECKPOINTS = """
    Save SaveSlices Restore RestoreSlice MergeV2Checkpoints CheckpointHasKey LoadAndRemapMatrix
    ShardedFilename ShardedFilespec
""".split()
_DATASETS = """
    TFRecordDataset TextLineDataset FixedLengthRecordDataset CSVDataset SqlDataset LMDBDataset
    MatchingFilesDataset DatasetToTFRecord SaveDataset LoadDataset DistributedSave
    SnapshotDataset SnapshotDatasetReader SnapshotNestedDatasetReader SnapshotChunkDataset
    ListSnapshotChunksDataset DataServiceDataset RegisterDataset
""".split()
# The three from RemoteFusedGraphExecute on run a graph that is hidden in a string.
_CODE = """
    PyFunc PyFuncStateless EagerPyFunc Abort DebugIdentity DebugNanCount DebugNumericSummary
    RemoteFusedGraphExecute TRTEngineOp DatasetFromGraph DeserializeIterator
""".split()
_NAMES = "|".join(_FILES + _CHECKPOINTS + _DATASETS + _CODE)
_FORBIDDEN = re.compile(rf"(?:Experimental)?(?:{_NAMES})(?:V[0-9]+)?")
_CACHE = re.compile(r"(?:Experimental)?CacheDataset(?:V[0-9]+)?")
_STREAMS = (b"stdout", b"stderr", b"log(info)", b"log(warning)", b"log(error)")


def is_forbidden(node, nodes):
    """Say whether an operation is forbidden wherever it stands.

    Args:
        node: A `NodeDef`.
        nodes: `{name: NodeDef}` of the graph or function around it.

    Returns:
        A `bool`.
    """
    if node.op == "PrintV2":
        return (node.attr["output_stream"].s or b"stderr") not in _STREAMS
    if _CACHE.fullmatch(node.op):
        return not _is_empty_string(nodes.get(node.input[1].split(":")[0]))
    return _FORBIDDEN.fullmatch(node.op) is not None


def _is_empty_string(node):
    """Recognise the file name of a cache that is kept in memory."""
    if node is None or node.op != "Const":
        return False
    tensor = node.attr["value"].tensor
    return list(tensor.string_val) == [b""] and not tensor.tensor_content
