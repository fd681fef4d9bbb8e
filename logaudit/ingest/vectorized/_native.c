/* Two loops of the fast way that no array operation does as well: see the Python versions beside them. */

#include "_beginning.h"

/* As in linetable.py. */
#define MORE 0
#define OPENS 1
/* As in window.py: bytes that stand behind every text, so that no line's beginning ends before they do. */
#define SPARE 256

typedef struct {
    int64_t *starts, *ends, *us, *unknown;
    uint8_t *kinds;
    int32_t *heads;
    Py_ssize_t room, lines, unknowns;
} Found;

static int
is_blank(const char *line)
{
    return *line == ' ' || *line == '\t' || *line == '\n' || (*line == '\r' && line[1] == '\n');
}

static void
go_through(const char *data, Py_ssize_t size, int whole, int blanks_open, const Plan *plan, Found *found)
{
    const char *end = data + size, *line = data;
    Time time = {NULL, NULL, 0};
    while (line < end) {
        const char *feed = memchr(line, '\n', (size_t)(end - line));
        if (feed == NULL) {
            if (!whole)
                return;
            feed = end;
        }
        Py_ssize_t i = found->lines++;
        if (i < found->room) {
            found->starts[i] = line - data;
            found->ends[i] = feed - data;
            found->kinds[i] = MORE;
            found->us[i] = 0;
            found->heads[i] = 0;
            if (blanks_open || !is_blank(line)) {
                int32_t head = -1;
                if (read_time(line, plan, &time)) {
                    Py_ssize_t shown = time.layout->size;
                    head = head_of(line + shown, feed - line - shown, time.layout);
                }
                if (head >= 0) {
                    found->kinds[i] = OPENS;
                    found->us[i] = time.us;
                    found->heads[i] = head;
                }
                else
                    found->unknown[found->unknowns++] = i;
            }
        }
        line = feed + 1;
    }
}

/* sweep(text, size, whole, blanks_open, layouts, starts, ends, us, unknown, kinds, heads) -> (lines, unknowns):
   enters the lines in the first bytes of a text, and which of them open records for certain. See native.py.
   starts, ends, us, unknown: int64; kinds: uint8; heads: int32; all of one length. Where there are more lines,
   their number tells. */
static PyObject *
sweep(PyObject *module, PyObject *args)
{
    Py_buffer text, out[6];
    Py_ssize_t size;
    int whole, blanks_open;
    PyObject *layouts, *result = NULL;
    Plan plan = {NULL, 0, {0}};
    (void)module;
    if (!PyArg_ParseTuple(args, "y*nppO!w*w*w*w*w*w*", &text, &size, &whole, &blanks_open, &PyTuple_Type, &layouts,
                          &out[0], &out[1], &out[2], &out[3], &out[4], &out[5]))
        return NULL;
    Found found = {out[0].buf, out[1].buf, out[2].buf, out[3].buf, out[4].buf, out[5].buf, out[4].len, 0, 0};
    int sound = size >= 0 && text.len - size >= SPARE;
    for (int i = 0; i < 4; i++)
        sound = sound && out[i].len >= found.room * (Py_ssize_t)sizeof(int64_t);
    sound = sound && out[5].len >= found.room * (Py_ssize_t)sizeof(int32_t);
    if (!sound)
        PyErr_SetString(PyExc_ValueError, "too little stands behind the text, or an array is too short");
    else if (read_plan(layouts, &plan)) {
        go_through(text.buf, size, whole, blanks_open, &plan, &found);
        result = Py_BuildValue("nn", found.lines, found.unknowns);
    }
    drop(&plan);
    PyBuffer_Release(&text);
    for (int i = 0; i < 6; i++)
        PyBuffer_Release(&out[i]);
    return result;
}

/* squeezed(text, starts, ends, most) -> list: parts of a text, of each the first characters, with every run of
   digits as one 0. starts, ends: int64. */
static PyObject *
squeezed(PyObject *module, PyObject *args)
{
    Py_buffer text, starts, ends;
    Py_ssize_t most;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*y*n", &text, &starts, &ends, &most))
        return NULL;
    Py_ssize_t count = starts.len / (Py_ssize_t)sizeof(int64_t);
    const int64_t *start = starts.buf, *end = ends.buf;
    const char *data = text.buf;
    int64_t longest = 0;
    int sound = starts.len == ends.len;
    for (Py_ssize_t i = 0; sound && i < count; i++) {
        sound = start[i] >= 0 && start[i] <= end[i] && end[i] <= text.len;
        longest = end[i] - start[i] > longest ? end[i] - start[i] : longest;
    }
    PyObject *result = NULL;
    char *room = NULL;
    if (!sound)
        PyErr_SetString(PyExc_ValueError, "a part lies outside the text");
    else if ((room = PyMem_Malloc((size_t)longest + 1)) == NULL)
        PyErr_NoMemory();
    else
        result = PyList_New(count);
    for (Py_ssize_t i = 0; result != NULL && i < count; i++) {
        Py_ssize_t size = 0, left = most;
        for (int64_t at = start[i]; at < end[i]; at++) {
            char c = data[at];
            /* Bytes 10xxxxxx go on with a character. */
            if (((unsigned char)c & 0xC0) != 0x80 && left-- == 0)
                break;
            if (c < '0' || c > '9')
                room[size++] = c;
            else if (at == start[i] || data[at - 1] < '0' || data[at - 1] > '9')
                room[size++] = '0';
        }
        PyObject *part = PyBytes_FromStringAndSize(room, size);
        if (part == NULL || PyList_SetItem(result, i, part) != 0)
            Py_CLEAR(result);
    }
    PyMem_Free(room);
    PyBuffer_Release(&text);
    PyBuffer_Release(&starts);
    PyBuffer_Release(&ends);
    return result;
}

static PyMethodDef methods[] = {
    {"squeezed", squeezed, METH_VARARGS, NULL},
    {"sweep", sweep, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_native", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC
PyInit__native(void)
{
    return PyModuleDef_Init(&definition);
}
