package figure

import (
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// Machine describes where the figures come from.
type Machine struct {
	CPU     string `json:"cpu"`
	Cores   int    `json:"cores"`
	Memory  string `json:"memory"`
	Kernel  string `json:"kernel"`
	Go      string `json:"go"`
	State   string `json:"state"`   // the file system of the state folders
	Scratch string `json:"scratch"` // and that of the directory server
}

// Report is one run.
type Report struct {
	Commit  string        `json:"commit"`
	Begun   time.Time     `json:"begun"`
	Took    time.Duration `json:"took_ns"`
	Quick   bool          `json:"quick"`
	Load    [2]string     `json:"load"` // average of the machine before and after
	Machine Machine       `json:"machine"`
	Sizes   []string      `json:"sizes"` // what was measured with, in words
	Figures []Figure      `json:"figures"`
	Tables  []Table       `json:"tables,omitempty"`
}

// Table is a list that belongs to a report, such as the queries that were asked.
type Table struct {
	Title string     `json:"title"`
	Head  []string   `json:"head"`
	Rows  [][]string `json:"rows"`
}

// Find is the figure with an id, and whether there is one.
func (r Report) Find(id string) (Figure, bool) {
	for _, f := range r.Figures {
		if f.ID == id {
			return f, true
		}
	}
	return Figure{}, false
}

// Missed are the figures that missed their aim.
func (r Report) Missed() []Figure {
	var out []Figure
	for _, f := range r.Figures {
		if f.Verdict() == Missed {
			out = append(out, f)
		}
	}
	return out
}

// Save writes the report for programs.
func (r Report) Save(path string) error {
	raw, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return os.WriteFile(path, append(raw, '\n'), 0o600)
}

// Load reads what Save has written.
func Load(path string) (Report, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return Report{}, fmt.Errorf("report: %w", err)
	}
	var r Report
	if err := json.Unmarshal(raw, &r); err != nil {
		return Report{}, fmt.Errorf("report %s: %w", path, err)
	}
	return r, nil
}
